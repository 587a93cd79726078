"""Files that cannot be imported: what is wrong at which widget or block."""

CHINESE = {
    "{what} ({count} more)": "{what}（另有 {count} 处）",
    "widget “{name}”: {what}": "组件“{name}”：{what}",
    "block “{name}”: {what}": "块“{name}”：{what}",
    "Two widgets have this name.": "有两个组件使用这个名称。",
    "Rename one of them in Studio.": "请在 Studio 中给其中一个改名。",
    "Widget {place} has no name.": "第 {place} 个组件没有名称。",
    "Widget {place} has a name that is too long.": "第 {place} 个组件的名称过长。",
    "Name every widget.": "请给每个组件命名。",
    "The widget has no type.": "组件没有类型。",
    "transitions is not a list of objects.": "transitions 不是对象列表。",
    "Export the flow from Studio again.": "请从 Studio 重新导出流程。",
    "Its transition {event} leads to “{target}”, which is not in the file.": (
        "转移 {event} 指向“{target}”，文件中没有它。"
    ),
    "Export the whole flow from Studio again.": "请从 Studio 重新导出完整的流程。",
    "The flow has no trigger, so no call would begin it.": "流程没有触发器，来电无法启动它。",
    "Export the whole flow.": "请导出完整的流程。",
    "initial_state is “{start}”, which is not a widget.": "initial_state 是“{start}”，但没有这个组件。",
    "It should be “{trigger}”.": "应当是“{trigger}”。",
    "The flow does not begin at a trigger.": "流程不是从触发器开始的。",
    "Set initial_state to “{trigger}”.": "请把 initial_state 设为“{trigger}”。",
    "The container's uuid “{uuid}” is not a UUID.": "容器的 uuid“{uuid}”不是 UUID。",
    "Two flows have the uuid “{uuid}”, so neither can be named.": "有两个流程的 uuid 都是“{uuid}”，无法区分。",
    "The flow's uuid “{uuid}” is not a UUID.": "流程的 uuid“{uuid}”不是 UUID。",
    "Two blocks have this uuid.": "有两个块使用这个 uuid。",
    "first_block_id is “{first}”, which is not a block.": "first_block_id 是“{first}”，但没有这个块。",
    "Block {place} is not an object.": "第 {place} 个块不是对象。",
    "Block {place} ({type}) has no name.": "第 {place} 个块（{type}）没有名称。",
    "Its uuid “{uuid}” is not a UUID.": "它的 uuid“{uuid}”不是 UUID。",
    "Its type “{type}” is not a FLOIP type (Namespace.Type).": "它的类型“{type}”不是 FLOIP 类型（Namespace.Type）。",
    "Its type {type} is not one that the FLOIP specification knows.": "FLOIP 规范中没有类型 {type}。",
    "Its exits are not a list of objects.": "它的 exits 不是对象列表。",
    "resources is not a list.": "resources 不是列表。",
    "Its exit {exit} leads to “{target}”, which is not in the file.": "出口 {exit} 指向“{target}”，文件中没有它。",
    "Its {key} names the resource {resource}, which is not in the file.": (
        "它的 {key} 引用资源 {resource}，文件中没有该资源。"
    ),
    "Correct it in the other program, and export again.": "请在原程序中改正后重新导出。",
    "The file cannot be read from here on.": "文件从这里开始无法读取。",
}
