"""Chinese of learning from what was missed."""

CHINESE = {
    "These words are too long to be a synonym; a synonym has at most {most} characters.": (
        "这句话太长，不能作为同义词；同义词最多 {most} 个字符。"
    ),
    "The draft has no such choice any more. Reload the page.": "草稿里已经没有这个选项，请刷新页面。",
    "“{choice}” knows these words already; they were only heard badly. Dismiss them.": (
        "“{choice}”已经包含这句话，只是当时没听清，忽略即可。"
    ),
    "These words already belong to “{choice}”; one phrase cannot mean two things.": (
        "这句话已属于“{choice}”，同一句话不能有两个意思。"
    ),
    "These words are open already.": "这句话本来就是待处理状态。",
    "There is no such utterance in this flow.": "该流程中没有这句话。",
    "Somebody has dealt with these words already. Reload the page.": "已有人处理过这句话，请刷新页面。",
    "The draft cannot run at the moment, so nothing can be tested with it. Finish it in the editor first.": (
        "草稿目前无法运行，不能用来测试。请先在编辑器里完成修改。"
    ),
    "The call of these words is gone.": "这句话所在的通话已不存在。",
    "The words were not learned: the test made of this call does not pass ({why}). Add the words in the "
    "editor.": "没有学会：由这通电话生成的测试未通过（{why}）。请在编辑器里手动添加。",
    "{person} saved the draft at this very moment. Nothing was changed; try again.": (
        "{person} 刚刚保存了草稿。没有做任何改动，请重试。"
    ),
    "Somebody": "有人",
}
