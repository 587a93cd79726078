"""What is wrong with a list or a row, in Chinese; in English it is said where it is found."""

from __future__ import annotations

import re

from console import translate

_ENGLISH_TO_CHINESE = (
    (r"The telephone number is empty\.", "电话号码为空。"),
    (r"The telephone number has no country code: begin with \+ and the code, or choose a country\.",
     "电话号码缺少国家代码：请以 + 和国家代码开头，或选择默认国家。"),
    (r"The telephone number is not a telephone number\.", "这不是电话号码。"),
    (r"The telephone number (?:is too short|ends after).*?\.", "电话号码太短。"),
    (r"The telephone number is too long.*?\.", "电话号码太长。"),
    (r"The telephone number has the wrong number of digits for its country\.", "电话号码的位数与所属国家不符。"),
    (r"The telephone number begins with a country code that does not exist\.", "电话号码的国家代码不存在。"),
    (r"The telephone number lacks its area code\.", "电话号码缺少区号。"),
    (r"The telephone number belongs to no range in use in its country: check the area code\.",
     "电话号码不属于该国使用中的号段，请检查区号。"),
    (r"The telephone number cannot be read\.", "电话号码无法识别。"),
    (r"The number belongs to no range in use in its country\.", "电话号码不属于该国使用中的号段。"),
    (r"This is a premium-rate number; such numbers are never called\.", "这是高额收费号码，不会拨打。"),
    (r"This is a shared-cost number; such numbers are never called\.", "这是分摊收费号码，不会拨打。"),
    (r"This is the number of a pager\.", "这是寻呼机号码。"),
    (r"This is the number of a mailbox\.", "这是语音信箱号码。"),
    (r"The spreadsheet has rounded this number; format the column as text and enter it again\.",
     "电子表格已将该号码四舍五入；请把该列设为文本格式后重新填写。"),
    (r"A priority is a (?:whole )?number from 0 \(first\) to 100 \(last\)\.",
     "优先级为 0（最先）到 100（最后）的整数。"),
    (r"Write a consent as yes, no, implied, express or written\.", "同意请填写：是、否、默示、口头或书面。"),
    (r"Write a language as its tag, like zh-CN or en\.", "语言请填写标签，例如 zh-CN 或 en。"),
    (r"Write a date as 2026-11-30 or 2026-11-30 14:00\.", "日期请写成 2026-11-30 或 2026-11-30 14:00。"),
    (r"(\S+(?: \S+)?) does not exist in the calendar\.", r"日历上没有 \1。"),
    (r"This time has passed already\.", "该时间已经过去。"),
    (r"The latest time lies before the earliest\.", "最晚时间早于最早时间。"),
    (r"The row has more cells than the header has columns\.", "该行的单元格多于表头的列数。"),
    (r"The same number with the same reference stands in row (\d+) already\.", r"第 \1 行已有相同的号码和单号。"),
    (r"This campaign has a case for this number and reference already\.", "本任务中已有该号码和单号。"),
    (r"Another campaign is about to call this number about the same matter\.", "另一任务即将就同一事项拨打该号码。"),
    (r"The owner of this number does not want such calls\.", "该号码的机主不愿接听此类来电。"),
    (r"No row of the list can be called; the error file says why\.", "名单中没有可拨打的行，原因见错误文件。"),
    (r"Say which column holds the telephone number\.", "请指明哪一列是电话号码。"),
    (r"The file is empty\.", "文件为空。"),
    (r"The file is no longer there; upload the list again\.", "文件已不存在，请重新上传名单。"),
    (r"The list has a header but no rows\.", "名单只有表头，没有数据行。"),
    (r"The list has no rows\.", "名单没有数据行。"),
    (r"The workbook cannot be read; save it anew as \.xlsx or as CSV\.", "工作簿无法读取，请重新保存为 .xlsx 或 CSV。"),
    (r"The workbook is damaged; save it anew as \.xlsx or as CSV\.", "工作簿已损坏，请重新保存为 .xlsx 或 CSV。"),
    (r"The workbook has no sheet with cells\.", "工作簿中没有含数据的工作表。"),
    (r"The workbook is far too large when unpacked; save the list as CSV\.", "工作簿解压后过大，请将名单保存为 CSV。"),
    (r"This is an old \.xls or a workbook with a password; save it as \.xlsx without one\.",
     "这是旧的 .xls 或带密码的工作簿，请另存为无密码的 .xlsx。"),
    (r"Line (\d+) is written neither in UTF-8 nor in GB18030\. Save the list as “CSV UTF-8”\.",
     r"第 \1 行既不是 UTF-8 也不是 GB18030，请将名单另存为“CSV UTF-8”。"),
    (r"The file mixes encodings: line (\d+) and line (\d+).*",
     r"文件混用了编码：第 \1 行与第 \2 行编码不同，请统一后重新保存。"),
    (r"Row (\d+) cannot be read: .*", r"第 \1 行无法读取：引号有误或没有闭合。"),
    (r"Row (\d+) is not written in (\S+) like the others\.", r"第 \1 行与其他行不同，不是 \2 编码。"),
    (r"Row (\d+) has more than (\d+) columns; is the delimiter right\?", r"第 \1 行超过 \2 列，分隔符是否正确？"),
    (r"The file is larger than (\d+) MB; split the list\.", r"文件超过 \1 MB，请拆分名单。"),
    (r"The list has more than ([\d,]+) rows; split it\.", r"名单超过 \1 行，请拆分。"),
    (r"The header “(.+?)” stands twice, in columns (\d+) and (\d+); rename one\.",
     r"表头“\1”在第 \2 列和第 \3 列重复，请改名其一。"),
    (r"The list has no column “(.+?)”\.", r"名单没有“\1”列。"),
    (r"“(.+?)” and “(.+?)” cannot both become (.+?)\.$", r"“\1”和“\2”不能同时对应 \3。"),
    (r"“(.+?)” cannot become “(.+?)”;.*", r"“\1”不能对应“\2”；变量名由字母、数字和 _ 组成，以字母开头。"),
    (r"The columns cannot be changed any more: .*", "列的对应关系已不能更改。"),
    (r"Only an import that is done can be undone;.*", "只有已完成的导入才能撤回。"),
    (r"This is not possible now: the import is .*", "名单当前的状态不允许此操作，请刷新页面。"),
    (r"The campaign is \w+ and takes no more cases; copy it to go on\.", "本任务不再接收新的事项，请复制后继续。"),
    (r"A template has no cases; copy it to a campaign first\.", "模板没有名单，请先复制为任务。"),
    (r"The cell (?:is|holds|has).*?\.", "单元格内容无法使用。"),
)  # fmt: skip
_TABLE = tuple((re.compile(english), chinese) for english, chinese in _ENGLISH_TO_CHINESE)


def local(text: str) -> str:
    """The sentences of `text` in the reader's language; one that is not known stays as it is."""
    if translate.language() != "zh":
        return text
    for english, chinese in _TABLE:
        text = english.sub(chinese, text)
    return text
