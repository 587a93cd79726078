"""Imports from FLOIP: what became of each block."""

CHINESE = {
    "This is not a FLOIP container: flows is not a list of objects.": "这不是 FLOIP 容器：flows 不是对象列表。",
    "The FLOIP flow cannot be imported: {first}": "无法导入该 FLOIP 流程：{first}",
    "The container has no flows.": "容器中没有流程。",
    "The flow is blank: it has no blocks, so there is nothing to import.": "流程是空白的，没有任何块，无可导入。",
    "The flow has {count} blocks; the limit is {limit}.": "流程有 {count} 个块，上限为 {limit}。",
    "There is no flow “{wanted}” in the file; there are {names}.": "文件中没有流程“{wanted}”，有：{names}。",
    "The file has {count} flows; “{name}” is imported. Others: {others}.": (
        "文件中有 {count} 个流程，导入的是“{name}”。其他：{others}。"
    ),
    "The wait for an answer is the house's own, not {seconds} s.": (
        "等待回答的时间采用本系统的设置，而不是 {seconds} 秒。"
    ),
    "The texts in {language} are left out, as only {wanted} was asked for.": (
        "只要求导入 {wanted}，因此略去 {language} 的文字。"
    ),
    "The flow speaks {languages}, for which the house has no phrases of its own. Choose one language to import, or "
    "take it out of the file.": (
        "流程使用 {languages}，本系统没有该语言的内置话术。请只选一种语言导入，或从文件中删除它。"
    ),
    "The flow does not speak {language}.": "流程不使用 {language}。",
    "The flow names no language; {language} is taken.": "流程没有指明语言，按 {language} 处理。",
    "The node is named {name}.": "节点命名为 {name}。",
    "Its exit {events} led nowhere: the call ends there.": "出口 {events} 没有去向，通话在此结束。",
    "No way leads to it from the first block, so no caller comes here.": "从第一个块无法到达这里，来电者不会听到。",
    "Is a question for a number, by keys or words.": "成为询问数字的问题，可按键也可说。",
    "Is a recording, which the desk transcribes.": "成为录音，由系统转写。",
    "It runs the flow {flow}: import that one of the same file too.": (
        "它调用流程 {flow}：请把同一文件中的该流程也导入。"
    ),
    "{names} is kept for this call only; the person's record stays as it is.": (
        "{names} 只在本次通话中保留，联系人资料不变。"
    ),
    "Its log line is left out: the call's own record names every step.": "日志内容略去，通话记录已包含每一步。",
    "What was typed is said here and kept as one text.": "原先键入的内容改为说出，并作为一段文字保存。",
    "People are in no groups here; the call goes on without.": "这里不给联系人分组，通话跳过此步继续。",
    "There is no counterpart for {type} on a telephone; the call goes on past it.": (
        "{type} 在电话中没有对应，通话跳过此步继续。"
    ),
    "Its limits, 0 to 0, are left out as not meant.": "范围 0 到 0 应非本意，已略去。",
    "The hash key ends the number, not its length.": "数字以井号键结束，而不是按位数结束。",
    "It runs the flow {flow}, which is not in the file; the call goes on without.": (
        "它调用的流程 {flow} 不在文件中，通话跳过此步继续。"
    ),
    "It sets no property that could be read.": "没有可读取的属性设置。",
    "Is a menu of {count} choices, by key or words.": "成为有 {count} 个选项的菜单，可按键也可说。",
    "A choice had no key of its own; it has key {key} now.": "一个选项原先没有按键，现在用按键 {key}。",
    "The caller chooses one of the choices; several cannot be.": "来电者只能选一项，不能多选。",
    "It has no choices; the call goes on past it.": "没有选项，通话跳过此步继续。",
    "No key is left for “{name}”.": "没有剩余的按键给“{name}”。",
    "The options are said after its prompt, each with its key.": "提示语之后会播报各选项及其按键。",
    "Its {key} has no text in {language}; write what is said.": "{key} 缺少 {language} 的文字，请补写要说的话。",
    "Its {key} has the sound {sound}, which is not in the file.": "{key} 使用录音 {sound}，文件中没有这段录音。",
    "Its text was written to be read ({language}); it is said here.": "原文是供阅读的（{language}），这里改为播报。",
    "The expression “{source}” has no counterpart.": "表达式“{source}”没有对应的写法。",
}
