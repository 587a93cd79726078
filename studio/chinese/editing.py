"""Opening, saving, checking, listening."""

from collections.abc import Mapping

CHINESE: Mapping[str, str] = {
    "This is not JSON that can be read.": "无法解析该 JSON。",
    "The request must be a JSON object.": "请求必须是一个 JSON 对象。",
    "A number in the request is too large.": "请求中的数字过大。",
    "The request is larger than {limit} MB. Split the flow into sub-flows.": (
        "请求超过 {limit} MB。请把流程拆分为子流程。"
    ),
    "A text in the request has characters that cannot be stored.": "请求中的文字含有无法保存的字符。",
    "The document is nested too deeply: more than {limit} levels.": "文档嵌套过深：超过 {limit} 层。",
    "You may not open the flow editor. Ask an administrator if your work needs it.": (
        "您无权打开流程编辑器。如果工作需要，请联系管理员。"
    ),
    "Only administrators change flows; you see this one read-only.": "只有管理员可以修改流程；您只能查看。",
    "There is no flow “{name}”.": "没有名为“{name}”的流程。",
    "The request has no flow document.": "请求中没有流程文档。",
    "The document's name is not “{name}”; a flow keeps its name.": "文档的名称不是“{name}”；流程的名称不能更改。",
    "The flow cannot run yet: see its problems.": "流程还不能运行：请查看问题列表。",
    "“{key}” must be a whole number.": "“{key}”必须是整数。",
    "“{key}” must be a text.": "“{key}”必须是文字。",
    "“{key}” is longer than {longest} characters.": "“{key}”超过 {longest} 个字符。",
    "{person} saved this draft in the meantime. Compare both and save again.": (
        "{person}在此期间保存了这份草稿。请比较两者后再保存。"
    ),
    "This draft was discarded or published in the meantime. Compare and save again.": (
        "这份草稿在此期间已被放弃或发布。请比较后再保存。"
    ),
    "Version {number} was published in the meantime. Compare and save again.": (
        "在此期间已发布版本 {number}。请比较后再保存。"
    ),
    "Somebody": "有人",
    "The request could not be read. Reload the page and try again.": "无法读取请求。请刷新页面后重试。",
    "There is no such page.": "没有这个页面。",
    "This cannot be done at this address.": "此地址不支持该操作。",
    "Something broke on our side; it has been recorded.": "系统出现故障，已记录。",
    "The document's nodes must be objects below their names.": "文档的节点必须是以名称为键的对象。",
    "The flow has {count} nodes; the limit is {limit}. Split it into sub-flows.": (
        "流程有 {count} 个节点，上限为 {limit} 个。请拆分为子流程。"
    ),
    "The document's languages must be a list of language tags.": "文档的 languages 必须是语言标签的列表。",
    "The flow has {count} languages; the limit is {limit}.": "流程有 {count} 种语言，上限为 {limit} 种。",
    "The document's start must be the name of a node, or empty.": "文档的 start 必须是节点名称，或留空。",
    "A flow's name has small letters, digits and _, begins with a letter and has at most 60 characters.": (
        "流程名由小写字母、数字和 _ 组成，以字母开头，最多 60 个字符。"
    ),
    "There already is a flow “{name}”. Take another name.": "已有名为“{name}”的流程。请换一个名称。",
    "Write languages as tags such as zh-CN or en-US, at most {count}.": (
        "请用 zh-CN、en-US 这样的标签填写语言，最多 {count} 种。"
    ),
    "Choose at least one language.": "请至少选择一种语言。",
    "A prompt to listen to has at most {count} characters.": "可试听的提示语最多 {count} 个字符。",
    "There is nothing to say in this language yet.": "该语言还没有可播报的内容。",
    "No voice can speak this now; the house voice is not running here.": "暂时没有可用的声音；此处没有运行自有声音。",
    "The editor is not built. Run make editor.": "编辑器尚未构建。请运行 make editor。",
    "The document's “{key}” cannot be read by the editor.": "编辑器无法读取文档的“{key}”。",
    "from outside": "外部传入",
    "the organisation": "组织设置",
    "every call": "每次通话",
    "The caller's number, empty when withheld": "来电号码，未显示时为空",
    "The caller's name, empty when unknown": "来电者姓名，未知时为空",
    "Whether the caller is marked as important": "来电者是否为重要客户",
    "The language of the call, such as zh-CN": "通话语言，例如 zh-CN",
    "The number that was called": "被叫号码",
    "The name of the node": "节点名称",
    "Reference of the matter we call about": "来电事项的编号",
    "Purpose of the call": "通话目的",
    "How often we have tried": "已尝试的次数",
    "Whether the person calls us back": "是否为对方回拨",
}
