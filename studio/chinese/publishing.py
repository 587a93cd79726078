"""Publishing, versions and what depends on a flow."""

CHINESE = {
    "The flow has an error.": "流程有 1 个错误。",
    "The flow has {count} errors.": "流程有 {count} 个错误。",
    "The saved test “{name}” fails.": "已保存的测试“{name}”未通过。",
    "The number {title}:": "号码 {title}：",
    "The flow {title}:": "流程 {title}：",
    "The campaign {title}:": "外呼任务 {title}：",
    "Say in a note what changes; others read it in the list of versions.": (
        "请在备注中说明改动内容，其他人会在版本列表中看到。"
    ),
    "The draft says the same as version {number}; nothing was published.": "草稿与版本 {number} 相同，未发布。",
    "Nothing was published. An administrator may publish all the same by giving a reason.": (
        "未发布。管理员填写理由后仍可发布。"
    ),
    "Nothing was changed. An administrator may go back all the same by giving a reason.": (
        "未做更改。管理员填写理由后仍可回退。"
    ),
    "There is no draft to publish. Change something first.": "没有可发布的草稿，请先修改流程。",
    "The flow has no draft.": "该流程没有草稿。",
    "The flow “{name}” has no version {number}.": "流程“{name}”没有版本 {number}。",
    "Version {number} is in force already.": "版本 {number} 已在使用中。",
    "Version {number} cannot be read by this release any more.": "当前软件已无法读取版本 {number}。",
    "It runs this flow.": "来电进入此流程。",
    "It runs this flow outside its hours.": "服务时间以外的来电进入此流程。",
    "Its calls begin in {language}, which the flow would no longer speak.": (
        "其通话以{language}开始，而流程将不再支持{language}。"
    ),
    "Its callers would be met with the opening of a call we make.": "来电者会听到外呼的开场白。",
    "It calls this flow.": "它调用此流程。",
    "Its draft calls this flow.": "它的草稿调用此流程。",
    "In its draft:": "在其草稿中：",
    "Its node {node} goes on by {names}, an end that would be gone.": (
        "其节点 {node} 使用结束方式{names}，而它将不复存在。"
    ),
    "Its node {node} has no exit for the new end {names}.": "其节点 {node} 没有对应新结束方式{names}的出口。",
    "Its node {node} gives {names}, which the flow would no longer expect.": (
        "其节点 {node} 传入{names}，而流程将不再需要。"
    ),
    "Its node {node} does not give {names}, which the flow would need.": "其节点 {node} 没有传入流程需要的{names}。",
    "Its node {node} takes {names}, which would not be set any more.": (
        "其节点 {node} 取回{names}，而它将不再被赋值。"
    ),
    "It speaks {language}, which this flow would no longer speak.": "它使用{language}，而此流程将不再支持。",
    "It calls people with this flow.": "它用此流程外呼。",
    "It keeps version {number} until it takes a new one.": "在换用新版本之前，它继续使用版本 {number}。",
    "It makes calls, and the flow would no longer have the section “outbound”.": (
        "它需要外呼，而流程将不再有 outbound 部分。"
    ),
    "It makes calls, and the flow would no longer say at the start who calls and why.": (
        "它需要外呼，而流程开头将不再说明来电方和来意。"
    ),
    "Its calls are for {purpose}, and the flow’s would be for {other}.": (
        "其外呼目的是 {purpose}，而流程的目的将变为 {other}。"
    ),
    "It gives {names}, which the flow would no longer expect.": "它提供{names}，而流程将不再需要。",
    "{count} of its cases lack {names}, which the flow would need.": "其中 {count} 个事项缺少流程需要的{names}。",
    "It counts {names} as its goal, and the flow would no longer.": "它把{names}算作达成目标，而流程将不再如此。",
}
