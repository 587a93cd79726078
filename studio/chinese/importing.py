"""Imports: what is wrong with a file, and what the report says of any format."""

CHINESE = {
    "A flow cannot be named {name}; choose another name.": "流程不能命名为 {name}，请换一个名称。",
    "There is a flow {name} with a draft already. Choose another name, or replace the draft.": (
        "流程 {name} 已有草稿。请换一个名称，或替换该草稿。"
    ),
    "There is a flow {name} already. Choose another name, or import it as its draft.": (
        "已有流程 {name}。请换一个名称，或导入为它的草稿。"
    ),
    "a list": "列表",
    "a single value": "单个值",
    "a Ringback flow": "Ringback 流程",
    "a Twilio Studio flow": "Twilio Studio 流程",
    "a FLOIP flow": "FLOIP 流程",
    "nowhere": "无处",
    "says the question again": "表示重听问题",
    "goes back": "表示返回上一步",
    # Files
    "The file is empty.": "文件是空的。",
    "The file has {size} MB; the limit is {limit} MB.": "文件大小为 {size} MB，上限为 {limit} MB。",
    "This is not a text file. Choose the JSON or YAML that the other program exported.": (
        "这不是文本文件。请选择其他程序导出的 JSON 或 YAML 文件。"
    ),
    "The file is not UTF-8 text (line {line}). Save it as UTF-8.": (
        "文件不是 UTF-8 文本（第 {line} 行）。请另存为 UTF-8。"
    ),
    "The key “{key}” stands twice in one object; only one of them can be meant.": (
        "同一个对象中键“{key}”出现了两次且内容不同，无法确定以哪个为准。"
    ),
    "{name} is not a JSON number.": "{name} 不是 JSON 数字。",
    "The JSON is nested too deeply, or has a number too long to read.": "JSON 嵌套过深，或含有过长的数字。",
    "The JSON is nested more than {limit} levels deep.": "JSON 嵌套超过 {limit} 层。",
    "This is JSON, but {what}, not an object. A flow is an object.": (
        "这是 JSON，但内容是{what}，不是对象。流程应当是一个对象。"
    ),
    "This is JSON, but neither a Ringback flow (nodes), a Twilio Studio flow (states) nor a FLOIP flow (flows): it has "
    "the keys {keys}.": (
        "这是 JSON，但不是 Ringback 流程（nodes）、Twilio Studio 流程（states）或 FLOIP 流程（flows），"
        "它的键有：{keys}。"
    ),
    "The JSON has a comment at line {line}, column {column}; JSON has none. Remove it.": (
        "JSON 在第 {line} 行第 {column} 列有注释，JSON 不允许注释，请删除。"
    ),
    "The JSON breaks off at line {line}, column {column}. The file is not whole; export it again.": (
        "JSON 在第 {line} 行第 {column} 列中断，文件不完整，请重新导出。"
    ),
    "The JSON cannot be read at line {line}, column {column}: {message}.": (
        "JSON 在第 {line} 行第 {column} 列无法读取：{message}。"
    ),
    "This is not JSON, so it is not {form}.": "这不是 JSON，因此不是{form}。",
    "This is {found}, not {form}.": "这是{found}，不是{form}。",
    "“{name}” cannot be a flow's name: small letters, digits and _, a letter first.": (
        "“{name}”不能作为流程名称：只能用小写字母、数字和下划线，并以字母开头。"
    ),
    "“{language}” is not a language. Write a tag like en-US or zh-CN.": (
        "“{language}”不是语言标签，请填写 en-US 或 zh-CN 之类。"
    ),
    "The file was read, but what came of it is not a flow that can run.": "文件已读取，但结果不是可以运行的流程。",
    "This is not a flow document.": "这不是流程文档。",
    # Ours
    "All {count} nodes are taken over as they are.": "全部 {count} 个节点均原样导入。",
    "The document had format {old} and has format {new} now.": "文档格式由 {old} 升级为 {new}。",
    "The flow was named {old} and is named {name} now.": "流程原名 {old}，现名 {name}。",
    # What the whole flow is told
    "Every question is asked up to three times, with help, before it counts as unanswered; then, and when something "
    "breaks, the call goes on at {node} unless the question leads elsewhere.": (
        "每个问题最多问三次并给出提示，之后才算未回答；此时以及出错时，除非该问题另有去向，通话转到 {node}。"
    ),
    "At every question key 0 and the words for a person lead to {node}; the other program knew no such key.": (
        "在每个问题处按 0 或要求人工都会转到 {node}，原程序没有这样的按键。"
    ),
    "At every question key 0 and the words for a person open a ticket ({node}), as the flow reaches nobody.": (
        "流程没有转接任何人，因此在每个问题处按 0 或要求人工会创建工单（{node}）。"
    ),
    "{value} may not be known yet when it is used; it is declared as a variable and empty until it is set.": (
        "使用 {value} 时它可能还没有值，已声明为变量，赋值前为空。"
    ),
    "What could not be taken over here only led round in a circle; the call ends instead.": (
        "这里未能导入的部分只是绕圈，改为结束通话。"
    ),
    # What the lint finds
    "It holds what looks like a key: keep that on the server, and write secret:NAME here.": (
        "内容像是密钥：请存放在服务器上，并在此写 secret:名称。"
    ),
    "It takes over 20 seconds to say; the other program minded no length. Shorten it, or split it.": (
        "播报超过 20 秒，原程序不限长度。请缩短或拆开。"
    ),
    "It takes over 10 seconds to say; the other program minded no length. Shorten it, or split it.": (
        "播报超过 10 秒，原程序不限长度。请缩短或拆开。"
    ),
    "Two choices have the same words, so saying them chooses neither.": (
        "两个选项的说法相同，说出来无法选中任何一个。"
    ),
    "The prompt tells a key that nothing here takes.": "提示语提到的按键在这里没有作用。",
    "The prompt does not tell every key that chooses something.": "提示语没有说明所有可用的按键。",
    "The call could go round here for ever; Studio would have stopped it after a while.": (
        "通话可能在这里无限循环，Studio 会在一段时间后终止。"
    ),
    "The flow leads round without an end here.": "流程在这里循环，没有出路。",
    "Unanswered questions lead only to further questions.": "未回答的问题只会通向其他问题。",
    "Nothing in this flow reads the value; another program may have.": (
        "本流程没有使用这个值，原先可能由其他程序使用。"
    ),
    "What it says is not in every language of the flow.": "它的提示语没有覆盖流程的所有语言。",
    "What it says is in a language that the flow does not speak.": "它的提示语所用语言不是流程的语言。",
    "No way leads here any more.": "已没有任何途径到达这里。",
    "The flow it runs is not published here yet.": "它调用的流程尚未在此发布。",
}
