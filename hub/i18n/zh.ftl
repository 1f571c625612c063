### 中文目录：值班台、接口错误和呼救按钮里说出来的每一句话。编号与 en.ftl 一一对应。

## 呼救设备说出来的话：给老人听，要短、要慢、要暖

reply-received = 收到您的呼叫了，正在通知值班人员。请您别着急，尽量不要走动。
reply-answered = { $by }已经接到您的呼叫，正在帮您安排。请您安心等一等。
reply-coming = { $by }正在赶过去，请您安心等着。
reply-closed = 这次呼叫已经处理好了。要是还需要帮忙，请再按一次按钮。
reply-test = 测试收到了，按钮和线路都好用，请您放心。
reply-noted = 您按的键收到了，已经记下来。要是需要帮忙，请您按呼救按钮。
reply-merged = 您的呼叫和另一个呼叫是同一件事，合在一起处理了，请您放心。
reply-cancelled = 好的，这次呼叫取消了。要是需要帮忙，请随时再按。
reply-rate = 这次呼叫已经处理好了。您要是满意，请按“平安”键；要我们给您回个电话，请按“回电”键。
reply-still-coming = 值班人员正在交接您的呼叫，赶去的人照样在路上，请您安心等着。
spoken-doctor = 村医
spoken-grid-worker = 网格员
spoken-120 = 120急救人员
spoken-119 = 119消防人员
spoken-110 = 110民警

## 出错时说的话（hub/domain/errors 的 code）

call-unknown = 没有这个呼叫，或者它不属于您的辖区。
call-held = 这个呼叫已由{ $holder }接听。
call-closed = 这个呼叫已经结束，不能再操作。
call-wrong-state = 呼叫当前为“{ $state ->
    [raised] 已呼叫
    [ringing] 等待接听
    [answered] 已接听
    [dispatched] 已派人
    [on_scene] 已到现场
    [resolved] 已处置
    [feedback] 待回访
    [closed] 已结案
   *[other] { $state }
}”，此时不能这样操作。请刷新后再看。
call-asked-only = 您单位是被请去的，只能记录自己这一步（接单、出发、到达、完成）和写备注。其他操作请联系值班台。
calls-not-yours = 您的账号不能处理呼叫，请由值班员或卫生院人员操作。
rating-range = 评分请填 1 到 5。
dial-number = 这里只登记 120、119 和 110。
callback-outcome = 请选择回拨的结果：已通话、无人接、占线或号码不对。
note-empty = 请先写内容再保存。
note-long = 内容太长，请控制在 { NUMBER($limit, useGrouping: 0) } 字以内。
cancel-not-asked = 老人没有按过取消键。要结束这个呼叫，请先接听，处置后再登记结果。
outcome-by-confirm = “本人取消”请用“确认取消”来登记。
merge-itself = 一个呼叫不能并入它自己。
merge-unknown = 没有要并入的那个呼叫，或者它不属于您的辖区。
merge-county = 两个呼叫不在同一个县，不能合并。
merge-drill = 演练和真实呼叫不能合并。
merge-into-closed = 要并入的呼叫已经结束，不能再合并。
reopen-merged = 这个呼叫已并入另一个呼叫，请到那个呼叫里处理。
reopen-test = 测试按钮不用重新打开。
reopen-newer = 这一户已经有新的呼叫，请到那个呼叫里处理。
handover-nobody = 没有这位同事，或者对方不能处理这个呼叫。
handover-off-duty = { $name }现在不在班，不能接手。请交给在班的同事，或者先放回等待列表。
dispatch-nobody = 找不到要派的人。请填 120、119、110，或者卡片上卫生院、村医、网格员、联系人的编号。
responder-asked = 已经通知过{ $name }了。
responder-unknown = 这个呼叫没有派过这个人。
responder-not-yours = 您只能登记本单位的到场情况。
responder-wrong-state = { $name }现在是“{ $state ->
    [asked] 已通知
    [accepted] 已答应
    [declined] 不能去
    [no_answer] 无人应答
    [on_the_way] 在路上
    [arrived] 已到场
    [done] 已完成
   *[other] { $state }
}”，此时不能这样登记。
entry-place = 请选择住户，或者填写您辖区内的地区编号。
entry-place-clinic = 您单位只能为本辖区的地方登记；外地住户请按姓名从登记里选。
call-there = 这位老人已有一个未结束的呼叫，请到那个呼叫里补充记录。
feedback-no-device = 这个呼叫没有呼叫器，请用电话或短信链接回访。
feedback-no-phone = 登记里没有本人或联系人的电话，请上门回访。
feedback-link-over = 这个评价链接不存在或者已经过期。
feedback-given-reopened = 您评价过了，谢谢您。后来这件事又重新处理，处理好以后会再请您评价。
feedback-reopened = 这件事还没有处理完，又重新在处理了。处理好以后会再请您评价，这个链接不用了。
feedback-newer = 后来又给您发了新的评价链接，请点最新的那一条。
feedback-closed = 这件事已经办结，不用再评价了，谢谢您。
feedback-given = 这次服务已经评价过了，谢谢您。

press-not-stored = 呼救已在各席位显示，但还没有存入数据库。
sign-in-needed = 请先登录。
sign-in-wrong = 用户名或密码不对。
sign-in-often = 试得太频繁，请在 { $seconds } 秒后再试。
csrf-wrong = 这个请求不是从本页面发出的，请刷新页面后再试。
csrf-missing = 请在请求头 X-CSRF-Token 中带上 POST /api/v1/session 返回的 csrf，或改用 Authorization: Bearer 令牌。
admins-only = 只有县级管理员可以这样做。
people-only = 只能由登录的人操作，程序令牌不可以。
token-scope = 这个令牌没有“{ $scope }”权限。
token-scopes-empty = 请至少选一项权限。
token-end = 有效期应在今后一年以内。
token-taken = 令牌已存在，请再试一次。
token-unknown = 没有这个令牌。
username-taken = 这个用户名已经有人用了。
user-unknown = 没有这个用户，或者不在您的辖区。
user-yourself = 不能停用自己，也不能更改自己的角色。
user-clinic = 医护人员要选所属卫生院，其他角色不要选。
user-place = 没有这个地区或卫生院。
area-not-yours = 这个地区不在您的辖区内。
idempotency-key-used = 这个 Idempotency-Key 已用于另一个请求，请换一个。
cursor-unknown = 翻页标记无效，请从第一页开始。
request-invalid = 请求的内容有误。
request-refused = 这个请求不能受理。
internal-error = 系统内部出错，已记入日志。请再试一次。
field-missing = 缺少“{ $field }”。
field-unknown = 没有“{ $field }”这一项。
field-wrong = “{ $field }”的值不对。
page-unknown = 没有这个页面。
method-unknown = 不支持这种请求方法。
body-too-long = 请求太大。
host-unknown = 这个地址不由本系统提供服务。
store-away = 数据库暂时无法使用，刚才的操作没有保存，请稍后再试。
calls-twice = 同名的另一个服务（进程 { $pid }）正在使用数据目录 { $folder }。请先停止它，或给这一个单独的目录和名称。
store-away-at = 数据库 { $url } 无法使用：{ $reason }。请排除故障，或用备份恢复（xiangyin restore）。
telemetry-unreachable = 暂时无法读取或保存测量数据：连不上 { $store }（{ $reason }）。呼叫不受影响。
telemetry-refused = 暂时无法读取或保存测量数据：{ $store } 拒绝了请求（{ $reason }）。呼叫不受影响。
telemetry-silent = 测量数据和设备在线状态没有在记录：遥测进程未运行。呼叫不受影响。
telemetry-clock = 本机时钟被调整过，遥测进程将按新时间重新启动。
span-wrong = “from”必须早于“to”，最长 { $days } 天。
device-not-yours = 没有设备 { $device }，或不在您的辖区内。
metric-wrong = 指标名由字母、数字和 . _ - 组成，以字母开头，最长 64 个字符。
store-busy = 数据库正忙，刚才的操作没有保存，请再试一次。
device-unknown = 没有这个设备，或者它的用户名、密码不对。
device-id = 设备编号只能用字母、数字和 . _ -，以字母或数字开头，最长 64 位。
device-id-zone = 广播的编号 { $device } 同时是区域或分组的名字，给它的指令会被那里所有的广播听从。请换一个编号。
device-id-used = 编号 { $device } 已经用过，不能再用。
device-model = 型号太长，最多 { NUMBER($limit, useGrouping: 0) } 字。
device-topics = 这些主题与别的设备重叠，或者不能使用。
device-place = 请写明设备属于哪位住户或哪个地区。
devices-not-yours = 您的账号不能管理设备。
area-unknown = 没有这个地区：{ $area }。
resident-unknown = 没有这位住户：{ $resident }。
press-unknown = 没有收到过这次按键。
desk-unknown = 这个席位的实时连接已经结束，请重新连接。
up-refused = { $program } 无法启动：{ $reason }

## 县里自己的数据：住户、地区、帮手、卫生院

entry-faulty = 有 { $count } 处填得不对，请改正后再保存。
entry-missing = 必须填写。
entry-long = 太长，最多 { NUMBER($limit, useGrouping: 0) } 字。
entry-control = 含有看不见的字符或换行，请删掉后重新输入。
entry-id = 编号“{ $value }”不能用：只能用字母、数字和 _ -，以字母或数字开头，最长 32 位。
entry-phone = “{ $value }”不是电话号码，请只填数字，可带区号和短横。
entry-sex = 性别“{ $value }”看不懂，请填“男”或“女”，不知道就留空。
entry-status = 现状“{ $value }”看不懂，请填“在家”“外出”“住院”“去世”或“停止服务”，不知道就留空。
entry-born = 出生年“{ $value }”不对，请填 1890 到 { NUMBER($year, useGrouping: 0) } 之间的四位年份。
entry-year = “{ $value }”不是年份，请填四位年份，例如 1941。
entry-degrees = “{ $value }”不是经纬度，请填小数，例如 29.91342。
entry-position = “{ $value }”超出了 ±{ $most } 度，请检查经度和纬度是否填反。
entry-half-position = 经度和纬度要么都填，要么都不填。
entry-contact = 联系人“{ $value }”看不懂，请写成“关系/姓名/电话”，几个人之间用分号隔开。
entry-contact-half = 联系人“{ $value }”要有姓名和能拨通的电话号码。
entry-contacts-many = 联系人最多 { $limit } 位。
entry-code = “{ $value }”不是地区代码，请用 12 位统计用区划代码，网格在村代码后加后缀。
entry-code-elsewhere = { $value } 不在您的县里。
entry-parent = 没有上级地区 { $value }，请先录入上级地区。
entry-digits-lost = “{ $value }”丢了数字，多半是表格软件改成了科学计数。请把这一列设为“文本”，再填完整的代码。
entry-area = 没有地区“{ $value }”，请填 12 位代码，或“镇名村名”，例如石桥镇上坪村。
entry-clinic = 没有卫生院“{ $value }”，请填已录入的名称或编号，或留空。
entry-person = 没有“{ $value }”这个人，请先在“帮手”里录入，或留空。
entry-ambiguous = 叫“{ $value }”的不止一个，请改填编号或代码：{ $ids }。
entry-kind = “{ $value }”看不懂，请填“村医”或“网格员”。
entry-kind-other = { $value } 已经是另一种帮手，请用新的编号。
entry-twice = 与第 { NUMBER($line, useGrouping: 0) } 行重复，请删去一行。
entry-there = 这位已经录入，编号是 { $value }。要修改就把编号填上，否则请删去这一行。
entry-outside = 第 { $column } 列有内容，但没有列名。请补上列名，或删去内容。
resident-there = 编号 { $resident } 已有住户。
resident-has-devices = 这户还有设备（{ $devices }）。请先收回或转给别人，再删除住户。
person-there = 编号 { $person } 已有人。
person-unknown = 没有这个人：{ $person }。
person-in-use = 还有 { $count } 位住户由这个人负责，请先改由别人负责。
clinic-there = 编号 { $clinic } 已有卫生院。
clinic-unknown = 没有这个卫生院：{ $clinic }。
clinic-in-use = 还有 { $count } 位住户或人员属于这个卫生院，请先改到别处。
area-in-use = 这个地区里还有 { $count } 项（下级地区、住户、人员、设备或账号），不能删除。
register-not-yours = 您的账号不能查看这些数据。

import-wrong = 有 { $count } 行不对，什么都没有导入。请按提示改好文件再试。
import-stale = 检查之后数据又有变化，什么都没有导入。请重新检查这个文件。
devices-many = 一次最多登记 { $limit } 台新设备，什么都没有导入。请分成几个文件。
import-file-missing = 请选择一个文件。
entry-device-id = 设备编号“{ $value }”不能用：只能有字母、数字和 . _ -，以字母或数字开头，最多 64 个字符，也不能以 hub. 开头。
entry-device-kind = 种类“{ $value }”看不懂。请写“呼叫器”“广播”或“网关”。
entry-device-kind-other = { $value }已经登记为另一种设备。请换一个新编号。
entry-device-zone = “{ $value }”是一个地区或分组的编号，不能给一台广播用。请换一个编号。
entry-device-place = 请写住户，或者写所在地区，至少一项。
entry-device-used = 编号{ $value }已经用过，不能再用。请换一个新编号。
entry-resident = 没有“{ $value }”这位住户。请写住户编号，或者写登记里的姓名。
sheet-empty = 文件里没有内容。第一行写列名，从第二行起每行一条。
sheet-encoding = 看不懂这个文件的文字编码。请用表格软件另存为“CSV UTF-8”或 XLSX。
sheet-old-excel = 这是旧的 XLS 文件，请用表格软件另存为 XLSX 或 CSV。
sheet-broken = 这个 XLSX 文件打不开，可能已损坏。请重新保存一次。
sheet-large = 表太大：一次最多 { NUMBER($rows, useGrouping: 0) } 行、{ $columns } 列。请分成几个文件。
sheet-quotes = 从第 { NUMBER($line, useGrouping: 0) } 行起引号不成对，请检查后重新保存。
sheet-failed = 文件没有处理成，什么都没有导入。请稍后再试。
column-untitled = 第 { $column } 列没有列名，请补上，或删去这一列。
column-unknown = 列名“{ $value }”不认识，请改成下面列出的列名之一，或删去这一列。
column-twice = “{ $value }”这一列出现了两次，请删去一列。
column-missing = 缺少这一列。

## 表格的列名（“also”里是别的叫法，用分号隔开）

column-id = 编号
column-also-id = 住户编号;人员编号
column-code = 地区代码
column-also-code = 代码;区划代码;统计用区划代码
column-name = 姓名
column-areas-name = 地区名称
column-clinics-name = 名称
column-also-name = 名字;户主;老人姓名;住户姓名;名称
column-kind = 类别
column-devices-id = 设备编号
column-devices-kind = 种类
column-model = 型号
column-also-model = 设备型号;规格
column-resident = 住户
column-also-resident = 老人;住户编号;所属住户
column-sex = 性别
column-born = 出生年
column-also-born = 出生年份;出生日期;生日
column-area = 所在地区
column-also-area = 地区;村社;村;行政村;社区;所在村
column-address = 住址
column-also-address = 地址;家庭住址;详细地址
column-phone = 电话
column-also-phone = 联系电话;手机;手机号;电话号码
column-contacts = 紧急联系人
column-also-contacts = 联系人;家属
column-way-in = 怎么走
column-also-way-in = 进门方式;路线
column-landmark = 旁边是
column-also-landmark = 标志物
column-meets-ambulance = 谁接车
column-conditions = 病情
column-status = 现状
column-also-status = 状态;在家情况;服务状态
column-also-conditions = 病史;健康状况
column-clinic = 卫生院
column-also-clinic = 所属卫生院;社区卫生服务中心
column-doctor = 村医
column-also-doctor = 家庭医生;签约医生
column-grid-worker = 网格员
column-lat = 纬度
column-lon = 经度
sex-words-female = 女;女性
sex-words-male = 男;男性
status-home = 在家
status-away = 外出
status-hospital = 住院
status-dead = 去世
status-stopped = 停止服务
status-words-home = 在家;正常
status-words-away = 外出;不在家;外地
status-words-hospital = 住院;在医院
status-words-dead = 去世;死亡;已故
status-words-stopped = 停止服务;停用;注销
person-kind-doctor = 村医
person-kind-grid-worker = 网格员
person-words-doctor = 村医;乡村医生;家庭医生;医生
person-words-grid-worker = 网格员;网格长
device-words-button = 呼叫器;呼叫按钮;按钮
device-words-loudspeaker = 广播;广播终端;喇叭;大喇叭;音柱
device-words-gateway = 网关
nav-residents = 住户
nav-people = 帮手
nav-clinics = 卫生院
nav-areas = 地区
nav-devices = 设备

## 发给人的通知

notice-call-waits = { $helper }您好：{ $resident ->
    [none] { $place }有人
   *[other] { $resident }
}{ $how ->
    [asked] 请人帮忙
   *[other] 按了呼救按钮
}，还没有人接听，请您尽快去看看，并给值班台回个电话。
notice-call-waits-again = { $helper }您好：{ $resident ->
    [none] { $place }有人
   *[other] { $resident }
}的呼救还没有处理完，值班台现在没有人跟进，请您尽快去看看，并给值班台回个电话。
notice-call-answered = { $helper }您好：{ $resident }的呼救，{ $holder }已经接手，正在处理。
notice-call-closed = { $helper }您好：{ $resident }的呼救已经处理好了（{ $outcome ->
    [helped] 已帮助
    [ambulance] 已送医
    [fire] 消防已处置
    [police] 警方已处置
    [false_alarm] 误按
    [cancelled] 本人取消
    [no_answer] 联系不上
   *[other] 其他情况
}）。要是您不放心，请给值班台打电话。
notice-please-go = { $helper }您好：{ $resident ->
    [none] { $place }有人
   *[other] { $resident }
}{ $how ->
    [asked] 请人帮忙
   *[other] 按了呼救按钮
}，值班台请您马上过去看看。{ $note ->
    [none] {""}
   *[other] 情况：{ $note }。
}能去请回电值班台。
notice-feedback = { $helper }您好：{ $resident }前面的呼救已经处理好了。您对这次服务满意吗？请点开打分（7 天内有效，只能用一次）：{ $url }
notice-feedback-own = { $resident }您好：您前面的呼救已经处理好了。您对这次服务满意吗？请点开打分（7 天内有效，只能用一次）：{ $url }
notice-nobody-there = { $helper }您好：{ $resident ->
    [none] { $place }有人
   *[other] { $resident }
}的呼救在规定时间内还没有人到场，请您马上过问。

## 页面共用

app-name = 乡音
app-what = 乡村应急呼叫与广播
language-other = English
dismiss = 知道了
time = 时间
back-to-desk = 回到值班台
back-to-start = 返回首页
hub-unreachable = 服务器没有应答，刚才的操作没有保存，请再试一次。

## 登录

sign-in = 登录
sign-in-title = 登录值班台
sign-out = 退出
username = 用户名
password = 密码
session-ended = 登录已失效，请重新登录。重新登录之前，这块屏幕不会响铃。

role-county-admin = 县级管理员
role-operator = 值班员
role-clinic = 医护人员
role-village-admin = 村级管理员

center-operator = { $area }综治中心
center-county-admin = { $area }综治中心
center-clinic = { $area }
center-village-admin = { $area }

## 值班台

desk-title = 呼救值班台
skip-to-queue = 跳到呼叫列表
queue = 呼叫列表
card = 呼叫详情
link-up = 实时
link-connecting = 连接中
link-down-short = 已断开
link-down = 与服务器的实时连接已断开！
link-down-means = 新的呼叫不会显示，也不会响铃。正在重新连接；请同时用电话值守，并检查网络。
sound-on = 铃声已开
sound-off-short = 没有铃声
sound-off = 这块屏幕还不能响铃！
sound-off-means = 浏览器要您点一下才肯出声。在此之前，本席位按无人值守处理。
sound-turn-on = 打开铃声

part-waiting = 等待接听
part-held = 正在处置
part-follow-up = 等待回访
none-waiting = 现在没有等待接听的呼叫。
off-screen = 个等待接听的呼叫不在屏幕上，点这里看
more-hidden = 另有 { $count } 个呼叫没有列出。
key-enter = 回车接听第一个（或选中的）
no-calls-for-you = 您的账号不查看呼叫。

unknown-person = 姓名不详
unknown-caller = 未登记的呼叫器
age = { NUMBER($age, useGrouping: 0) } 岁
sex = { $sex ->
    [female] 女
    [male] 男
   *[other] { $sex }
}
kind-sos = 紧急呼叫
kind-fall = 跌倒报警
kind-cancel = 取消
kind-test = 测试
kind-ok = 平安
kind-callback = 请求回电
kind-telephone = 电话求助
kind-in_person = 当面求助
presses = 按了 { $count } 次
mark-drill = 演练
mark-late = 迟到的呼叫
mark-undecoded = 内容无法识别
mark-cancel-asked = 老人按过取消
mark-unknown-caller = 未登记
mark-linked = 上次未回访
mark-unrecorded = 未入库
unrecorded-means = 数据库写不进去，这次呼救没有记录。请马上用纸笔记下并处置；恢复后会自动补记。
unrecorded-seen = 已记下，停铃

state-raised = 已呼叫
state-ringing = 等待接听
state-answered = 已接听
state-dispatched = 已派人
state-on-scene = 已到现场
state-resolved = 已处置，待回访
state-feedback = 待回访
state-closed = 已结案
held-by = { $name }正在处置
held-by-me = 我在处置
handled-by = 由{ $name }处置

answer = 接听
release = 放回
release-means = 放回等待列表，重新响铃
resolve = 处置完毕
resolve-confirm = 确认处置完毕
feedback = 回访结案
feedback-confirm = 确认结案
outcome = 结果
outcome-helped = 已帮到
outcome-ambulance = 已送医
outcome-fire = 消防处置
outcome-police = 公安处置
outcome-false-alarm = 误报
outcome-no-answer = 联系不上
outcome-cancelled = 本人取消
outcome-other = 其他
rating = 老人满意度
rating-value = { $rating } 分
rating-none = 没有评分
note-optional = 说明（可不填）
note-write = 写一条记录
note-save = 保存

card-empty = 从左边选一个呼叫，或按回车接听等得最久的那个。
card-empty-watching = 从左边选一个呼叫。
where = 在哪里
way-in = 怎么走
landmark = 旁边是
meets-ambulance = 谁接车
coordinates = 坐标
conditions = 病情
people = 联系与派人
call-back = 本人
call-back-number = 回拨本人 { $phone }
call-back-outcome = 回拨结果
callback-spoke = 已通话
callback-no-answer = 无人接
callback-busy = 占线
callback-wrong-number = 号码不对
unknown-caller-means = 登记里没有呼叫器 { $device } 的住户。请联系网格员上门查看，并补登记。
contact-contact = 紧急联系人
contact-doctor = 家庭医生
contact-grid-worker = 网格员
contact-clinic = 卫生院
contact-center = 综治中心

emergency = 急救电话
emergency-means = 由您拨打，系统不代拨；点开看要说的话
number-120 = 医疗急救
number-119 = 消防救援
number-110 = 公安报警
promised-in = 对方说
minutes = 分钟到
dial-note = 对方工号、交代的事
dial-record = 登记：{ $number } 已拨打
dialled-at = { $time } 已拨打

brief-open-120 = 您好，这里是{ $center }。有一位老人按了呼救按钮，请派救护车。
brief-open-119 = 您好，这里是{ $center }。有一户老人家中需要消防救援。
brief-open-110 = 您好，这里是{ $center }。有一位老人需要民警到场。
brief-address = 地址：{ $address }。
brief-way-in = 怎么走：{ $text }
brief-landmark = 旁边是：{ $text }
brief-meets = 接应的人：{ $text }
brief-person = 当事人：{ $name }{ $sex ->
    [unknown] {""}
    [female] ，女
    [male] ，男
   *[other] ，{ $sex }
}{ $age ->
    [-1] {""}
   *[other] ，{ $age } 岁
}。
brief-conditions = 已知病情：{ $text }
brief-phone = 家里电话：{ $phone }。
brief-coordinates = 坐标（WGS-84）：{ $at }。
brief-ask-120 = 请问大约多久能到？车到之前我们该做什么？
brief-ask-119 = 请问大约多久能到？要不要先断电、断气、疏散邻居？
brief-ask-110 = 请问大约多久能到？

timeline = 经过
event-call-raised = { $kind ->
    [telephone] 登记电话求助
    [in_person] 登记当面求助
   *[other] 按下呼救
}{ $late ->
    [1] （迟到送达）
   *[other] {""}
}{ $caller ->
    [none] {""}
   *[other] ，来电号码 { $caller }
}
event-call-pressed = 又按了一次
event-call-rung = { $step ->
    [again] 再次响铃
    [first] 开始响铃
   *[other] 继续响铃
}：{ $who }
event-call-answered = 接听
event-call-released = 放回等待列表
event-call-handed-over = 转交给 { $to }
event-call-reminded = 提醒 { $to }：已经 4 分钟没有处理
event-call-lapsed = { $holder } 5 分钟没有处理，放回等待列表
event-call-relieved = { $handed ->
    [1] 交班：{ $holder } 下班，转给 { $to }
   *[other] { $holder } 下班，没有人接班，放回等待列表
}
event-call-extended = 还在处理，续时 5 分钟
event-call-dispatched = { $plan ->
    [1] 无人响应，自动通知下一位：{ $helper }
   *[0] 派 { $helper }
}
event-call-responder = { $helper }：{ $state ->
    [accepted] 答应去
    [declined] 不能去
    [no_answer] 2 分钟无人应答
    [on_the_way] 在路上
    [arrived] 已到场
    [done] 已完成
   *[other] { $state }
}
event-call-unmanned = 能通知的人都没有答应，请值班员另想办法
event-call-escalated = 规定时间内无人到场，提醒：{ $who }
event-call-cancelled = 已与本人确认，取消呼叫
event-call-merged = 并入另一个呼叫 { $other }
event-call-absorbed = 并进了另一个呼叫 { $other }，按键、呼叫器和派出的人都跟过来
event-call-reopened = 重新打开
event-call-feedback-asked = { $feedback ->
    [link] 已发短信链接请老人评价
    [device] 已在呼叫器上请老人评价
   *[other] 等待电话回访
}
event-call-noted = 记录
event-call-dialled = 登记已拨打 { $number }{ $promised ->
    [none] {""}
   *[other] ，对方说约 { $promised } 到
}
event-call-called-back = 回拨本人：{ $outcome ->
    [spoke] 已通话
    [no_answer] 无人接
    [busy] 占线
    [wrong_number] 号码不对
   *[other] { $outcome }
}
event-call-cancel-asked = 老人按了取消键（呼叫不会因此消失）
event-call-resolved = 处置完毕：{ $outcome ->
    [helped] 已帮到
    [ambulance] 已送医
    [fire] 消防处置
    [police] 公安处置
    [false_alarm] 误报
    [no_answer] 联系不上
    [cancelled] 本人取消
   *[other] 其他
}
event-call-closed = 回访结案{ $rating ->
    [0] {""}
   *[other] ，{ $rating } 分
}
event-call-tested = 测试按钮
event-press-noted = 按键已记录
event-timer-failed = 提醒未能按时执行，已重试

## 派人、转交、合并、回访

mark-urgent = 优先
mark-status-away = 外出
mark-status-hospital = 住院中
mark-status-dead = 登记为去世
mark-status-stopped = 已停止服务
part-asked = 请您院出诊
responder-state-asked = 已通知
responder-state-accepted = 已答应
responder-state-declined = 去不了
responder-state-no-answer = 无人应答
responder-state-on-the-way = 在路上
responder-state-arrived = 已到场
responder-state-done = 已完成
step-accept = 答应去
step-on-the-way = 已出发
step-arrived = 已到场
step-done = 已完成
step-decline = 去不了
ours-asked = 综治中心请您院出诊
ours-go = 我院出诊
ours-accept = 接受，马上去
ours-accept-short = 接受
ours-on-the-way = 已出发
ours-arrived = 已到场
ours-done = 救治完毕
ours-decline = 去不了
send-one = 通知前往
send-again = 再次通知
promised-about = 约 { $time } 到
asked-by-plan = 系统自动通知
scene-due = 应在 { $time } 前到场
lapse-in = 四分钟没有新动作，再过
lapse-then = 放回等待列表
lapse-short = 将放回
extend = 仍在处置
confirm-cancel = 确认取消
confirm-cancel-means = 老人按过取消键。请先与本人通话，确认不需要帮助。
confirm-cancel-sure = 已与本人确认，取消呼叫
hand-over = 转交
hand-over-to = 转交给
hand-over-confirm = 确认转交
sits = 在席位上
on-duty = 在班
off-duty = 不在班
hand-over-nobody = 没有可以接手的同事。
merge = 合并
merge-into = 并入哪个呼叫
merge-means = 按键、呼叫器和派出的人都跟过去，这个呼叫随即结束。
merge-confirm = 确认合并
merge-nothing = 没有其他正在进行的呼叫。
merged-into = 已并入另一个呼叫，点这里打开
reopen = 重新打开
reopen-means = 事情还没有结束：呼叫重新响铃，由各席位接听。
reopen-confirm = 确认重新打开
ask-feedback = 请老人评价
ask-by-call-back = 电话回访
ask-by-link = 发短信链接
ask-by-device = 在呼叫器上问
asked-by-call-back = 等待电话回访
asked-by-link = 已发短信链接
asked-by-device = 已在呼叫器上问
enter = 登记来电、来访
enter-who = 谁需要帮助
enter-search = 姓名、电话或住址
enter-none = 登记里没有找到，请换个写法，或在下面填写地区。
enter-stranger = 不在登记里
enter-area = 在哪里
enter-name = 称呼
enter-what = 什么情况
enter-note = 病情、位置、要什么帮助
enter-phone = 来电号码
enter-hold = 登记，由我处置
enter-ring = 登记，通知各席位

## 评价页：链接在短信里，老人或家属点开

feedback-asks = 这次的帮助，您满意吗？
feedback-about = { $time } 的呼叫
feedback-hint = 点一下就行，不用登录。
feedback-thanks = 谢谢您，已经收到了。
feedback-help = 需要帮忙的时候，请随时按呼叫按钮。
rating-words-5 = 非常满意
rating-words-4 = 满意
rating-words-3 = 一般
rating-words-2 = 不满意
rating-words-1 = 很不满意

## 演示县

demo-sign-ins = 演示账号
demo-means = 这些账号在首次启动时随机生成，只在演示县里有。
demo-who = 身份
demo-operator = 镇值班员
demo-clinic = 卫生院医护
demo-village-admin = 村级管理员
demo-county-admin = 县级管理员
demo-county-operator = 县值班员
demo-other = 其他
demo-press = 按一次呼救按钮
demo-press-means = 在另一个终端里执行：
demo-outbox = 演示发件箱
demo-outbox-means = 正式运行时会发给家属、网格员和医生的通知。演示时只显示在这里，不会发出去。
demo-outbox-to = 发给
demo-outbox-body = 内容
demo-outbox-empty = 还没有通知。

## 程序自己说的话：启动、停止、命令行

settings-wrong = 设置有误：{ $mistakes }。全部设置见 { $xiangyin } settings。
setting-address = 必须是本机的 IP 地址；0.0.0.0 表示本机全部地址
setting-url = 要写成 https://主机 或 https://主机:端口
setting-public-plain = 离开本机的值班台只走 TLS，请写 https://…
setting-broker = 请写 auto、mosquitto、embedded，或地址 mqtts://主机:8883
setting-broker-plain = 别的机器上的消息服务器只走 TLS，请写 mqtts://…
setting-database = 要以 sqlite:/// 或 postgresql+psycopg:// 开头
setting-tls-pair = XIANGYIN_TLS_CERT 和 XIANGYIN_TLS_KEY 要么都写，要么都不写
setting-influx-bucket = 写了 XIANGYIN_INFLUX_URL，还要写 XIANGYIN_INFLUX_BUCKET
setting-ports-same = 有两个监听用了同一个端口（{ $ports }），请各用各的
setting-whole-number = 要写整数
setting-number = 要写数字
setting-yes-no = 要写 true 或 false
setting-least = 不能小于 { $limit }
setting-most = 不能大于 { $limit }
setting-one-of = 只能是 { $choices } 之一
setting-pattern = 写法不对，要符合 { $pattern }
setting-value = 写法不对
setting-unknown = 没有 { $name } 这个设置，已忽略。您要的可能是：{ $meant }。
folder-unwritable = 数据目录 { $folder } 不能写入（{ $reason }）。请改它的权限，或用 XIANGYIN_DATA_DIR 换一个目录。
disk-full = 磁盘已满，数据目录 { $folder } 写不进去（{ $reason }）。请腾出空间再启动。
up-twice = 这个数据目录已有一个乡音在运行（进程 { $pid }）：{ $folder }。请先停掉它，或用 XIANGYIN_DATA_DIR 换一个目录。
port-taken = { $host } 的端口 { NUMBER($port, useGrouping: 0) } 已被别的程序占用。请停掉那个程序，或用 { $variable } 换一个端口。
port-refused = 不能在 { $host } 的端口 { NUMBER($port, useGrouping: 0) } 上监听（{ $reason }）。请检查 XIANGYIN_BIND 和 { $variable }。
backup-made = { $file } 里是全部数据（{ $megabytes } MB），包括所有密钥：请放在只有您能读的地方。
backup-postgresql = 数据库不在里面：它在 PostgreSQL 里。请在运行本命令前一刻另用 pg_dump 备份。
backup-there = { $file } 已经存在，没有动它。请换一个文件名。
backup-inside = 备份不能放在数据目录 { $folder } 里：一毁俱毁。请存到另一块盘上。
backup-database = { $file } 复制不了（{ $reason }）。什么都没有写；进一步检查：{ $xiangyin } doctor
backup-broken = { $file } 不是完整的乡音备份（{ $reason }）。什么都没有恢复；请换一份。
backup-newer = 这份备份是更新的版本写的。请装上那个版本再恢复；什么都没有恢复。
restore-made = { $folder } 已恢复。照常启动：{ $xiangyin } up
restore-postgresql = 数据库在 PostgreSQL 里：启动前请先用 pg_restore 恢复它。
restore-not-empty = { $folder } 不是空的，里面什么都没有动。请用 XIANGYIN_DATA_DIR 换一个新目录，或先把旧的移走。
restore-database-there = 数据库已经存在（{ $file }），什么都没有动。请先把它移走。
restore-other-database = 备份和 XIANGYIN_DATABASE_URL 不是同一种数据库（SQLite、PostgreSQL）。请照备份时的设置；什么都没有恢复。
database-lost = 数据库 { $database } 不存在或是空的，而 { $folder } 以前用的数据库里有数据。什么都没有动。请把数据库放回去、挂上它的磁盘，或改正 XIANGYIN_DATABASE_URL；也可以把备份恢复到一个空目录（{ $xiangyin } restore 文件）。如果想从头开始，请用 XIANGYIN_DATA_DIR 换一个新目录，或删掉这个。
data-newer = 数据是更新的版本写的（{ $revision }），这个版本读不了。请装上新版本，或用 XIANGYIN_DATA_DIR 换一个目录。
up-unprepared = 无法启动：{ $reason }
clock-wrong = 这台机器的时钟是 { NUMBER($year, useGrouping: 0) } 年，明显不对。呼叫照常接，定时的事先不做；请把时钟校准。
up-program-ended = { $program } 停了（{ $how }），{ $pause } 秒后重新启动。
up-program-hung = { $program } 没有反应，正在重新启动。
up-program-again = { $program } 已重新启动。
up-program-late = { $program } 还没有就绪。原因见 { $log }；进一步检查：{ $xiangyin } doctor
up-ended = 已全部停止，数据都在。
up-ready-demo =
    乡音已就绪，用时 { $seconds } 秒（演示县：清溪县，人和事都是虚构的）
      值班台  { $desk }
      账号    { $logins }
      呼救    { $press }
      接听    用 operator 的账号登录，先点“{ sound-turn-on }”，再点“{ answer }”
      停止    按 Ctrl-C；数据保留，下次接着用
      日志    { $logs }
up-ready =
    乡音已就绪，用时 { $seconds } 秒
      值班台  { $desk }
      账号    { $program } user add --help
      设备    { $program } device add --help
      停止    按 Ctrl-C；数据保留，下次接着用
      日志    { $logs }
press-received = { $device } 按下，{ NUMBER($ms, useGrouping: 0) } 毫秒后中枢收到，呼叫编号 { $call }。
press-noted = { $device } 按下，{ NUMBER($ms, useGrouping: 0) } 毫秒后中枢收到。它不属于任何呼叫：只作记录，不响铃。
press-heard = 按钮说：{ $words }
press-failed = { $device } 按不了：{ $reason }
press-unheard = { $device } 按下后 { $seconds } 秒没有回复。请看看乡音是否在运行：{ $xiangyin } doctor
press-unreachable = 现在连不上乡音（{ $mqtt } 和 { $http } 都没有应答），{ $seconds } 秒内继续尝试……如果还没有启动：{ $xiangyin } up
data-missing = { $folder } 里还没有数据。请先启动一次（{ $xiangyin } up），或用 XIANGYIN_DATA_DIR 指对目录。
county-missing = 还没有县。请先添加：{ $xiangyin } area add 县代码 县名
device-removed = { $device } 已停用，这个编号不会再给别的设备。
area-code = “{ $area }”不是地区代码：要 12 位统计用区划代码。
area-name = 地区名称请写 1 到 { NUMBER($limit, useGrouping: 0) } 个字。
area-used = 地区 { $area } 已经有了。
user-password = { $username } 的密码（只显示这一次）：{ $password }
user-disabled = { $username } 已停用。
user-enabled = { $username } 已启用。
broker-folder = { $folder } 已写好，内有 { $devices } 个设备的账号。启动：{ $start }
press-no-device = { $folder } 的演示县里没有按钮 { $device }。真实设备的密码只有设备自己知道，请在设备上按。
device-missing = 没有设备 { $device }，或者它已停用。

bench-unknown = 没有名为 { $bench } 的测量项，或者没有装测试环境。先运行 make test，再用 { $xiangyin } bench 查看有哪些。
prove-not-here = 验证要在装好测试环境的源码目录里进行：请先在那里运行 make test。
simulate-not-here = 模拟要在装好测试环境的源码目录里进行：请先在那里运行 make test。

## xiangyin doctor

doctor-python = Python { $version }
doctor-folder = { $folder } 可以写入。
doctor-disk = 剩余 { NUMBER($free, useGrouping: 0) } MB。
doctor-disk-low = 只剩 { NUMBER($free, useGrouping: 0) } MB，请腾出空间：磁盘满了，呼叫只能显示，存不下来。
doctor-clock = { $now }
doctor-files = 每个进程最多打开 { NUMBER($limit, useGrouping: 0) } 个文件。
doctor-files-few = 每个进程最多打开 { NUMBER($limit, useGrouping: 0) } 个文件，设备多了不够用。请把上限（ulimit -n、systemd 的 LimitNOFILE）提到 { NUMBER($wanted, useGrouping: 0) } 以上。
doctor-database = { $where } 完整，版本相符。
doctor-database-none = { $where } 还没有。第一次启动（{ $xiangyin } up）时会建立。
doctor-database-away = 连不上 { $where }：{ $reason }。请看看数据库是否在运行，XIANGYIN_DATABASE_URL 是否正确。
doctor-database-broken = { $where } 已损坏（{ $reason }）。请停掉乡音，先复制保存数据目录，再从备份恢复。
doctor-database-other = { $where } 的结构与本版本不同。旧的会在下次启动时升级；新的请换用新版本。
doctor-hub-part = 运行中：{ $name } 正常（{ $detail }）。
doctor-hub-part-down = 运行中：{ $name } 有问题（{ $detail }）。日志在数据目录的 log 里。
doctor-ports = 乡音没有运行，端口都空着。启动：{ $xiangyin } up
doctor-hub-strange = { $where } 有程序应答，但不像乡音（/readyz 回答 { $status }）。请停掉那个程序，或用 XIANGYIN_HTTP_PORT 换一个端口；如果那就是乡音，请看日志 calls.log 后重新启动。
doctor-hub-silent = { $where } 有程序占着端口，但不应答 /readyz。如果那就是乡音，它可能卡住了：请看日志 calls.log，再重新启动。
doctor-certificate = { $file } 有效至 { $end }。
doctor-certificate-ends = { $file } 有效至 { $end }。自签的证书重新启动时会续；自备的请换新。
doctor-broker-mosquitto = 使用本机安装的 mosquitto。
doctor-broker-embedded = 正在使用内置的消息服务器，只适合演示和试用。正式运行请安装 mosquitto（apt install mosquitto），并让 XIANGYIN_BROKER 保持 auto。
doctor-broker-elsewhere = 使用别处的消息服务器：{ $url }
doctor-broker-rests = { $where } 没有应答；乡音没有运行时这是正常的。
doctor-broker-silent = { $where } 没有应答。请看日志 broker.log；在别处运行的，请检查地址、防火墙和 XIANGYIN_BROKER。
doctor-role = 中心账号 { $role } 可以登录。
doctor-role-refused = 中心账号 { $role } 登录不了（{ $reason }）。请重新启动；别处的消息服务器请用 { $xiangyin } broker-config 重写账号。
doctor-rights = 设备 { $device } 只听得到自己的消息。
doctor-rights-broken = 设备 { $device } 听得到不该听的消息（{ $topics }）。请检查 broker 目录里的 acl，不要手工改；别处的消息服务器请用 { $xiangyin } broker-config 重写。
doctor-keys = 签名密钥第 { NUMBER($rev, useGrouping: 0) } 版，只有本用户能读，有效至 { $end }。
doctor-keys-end = 签名密钥第 { NUMBER($rev, useGrouping: 0) } 版只到 { $end }。签名进程运行时会自动更换，请看 signer.log。
doctor-keys-none = 还没有签名密钥。第一次启动（{ $xiangyin } up）时会生成。
doctor-keys-loose = { $file } 别的用户也能打开。请收回权限（chmod go= { $file }）；如果可能已被读过，请运行 { $xiangyin } keys rotate，再逐个 revoke 旧密钥。
doctor-ffmpeg = { $version }
doctor-ffmpeg-broken = ffmpeg 用不了（{ $reason }）。请重新安装：删掉 .venv 后再 make run
doctor-voice = { $name } 能出声。
doctor-voice-broken = 离线语音用不了（{ $reason }）。请重新安装：删掉 .venv 后再 make run
doctor-backup-none = 还没有做过备份：{ $xiangyin } backup 文件名，存到另一块盘上，每晚一次。
doctor-backup-old = 上次备份是{ $days }天前：{ $file }。请每晚做一次：{ $xiangyin } backup 文件名
doctor-backup = 上次备份是{ $days }天前：{ $file }
doctor-failed = 没有查完：{ $reason }
doctor-sum = 正常 { $ok } 项，留意 { $warn } 项，要处理 { $bad } 项。

## 签名进程

signer-away = 签名进程没有应答（{ $reason }），指令暂时发不出去，会自动重试。请看数据目录 log 里的 signer.log。
signer-never-ran = 还没有签名密钥（{ $file }）。第一次启动（{ $xiangyin } up）时会生成。
signer-keys-lost = 签名密钥 { $file } 不见了或已损坏。广播只认这把密钥，请从备份恢复 secrets 目录；实在找不回来，请移走 secrets 目录和 trust.json 后重新启动，再把每只广播重新登记。
signer-twice = 另一个签名进程（{ $pid }）正在使用 { $folder }。
signer-no-key = 用途 { $use } 的密钥已经到期。请运行 { $xiangyin } keys rotate。
signer-key-unknown = 没有密钥 { $kid }，或者它是根密钥，不能单独停用。
signer-clock = 本机时钟不对，签出的时间会误导广播。请校准时钟；如果现在的时间才是对的，请运行 { $xiangyin } keys rotate，再重新启动。
signer-disk = 签名记录写不进磁盘，现在只能签发停止指令。请腾出空间。
signer-rate = { $address } 一分钟内已经有 { $limit } 条指令，请稍候，会自动重试。
signer-rate-all = 一分钟内已经签发 { $limit } 条指令，请稍候，会自动重试。
signer-type = “{ $type }”不是可以下达的指令。
signer-order-wrong = 指令有误，没有签发：{ $reason }
signer-order-changed = 编号 { $order } 已经签发过另一条内容不同的指令。
signer-life = 有效期 { $seconds } 秒不行：最短 1 秒，最长 { $limit } 秒。
signer-too-late = 指令 { $order } 已过时，没有签发。
keys-rotated = 已换新密钥（第 { NUMBER($rev, useGrouping: 0) } 版）。一小时后开始使用，旧的一周后到期。
keys-revoked = 密钥 { $kid } 已停用（第 { NUMBER($rev, useGrouping: 0) } 版）。在线的广播一分钟内会知道，其余的上线时知道。
signer-two-people = 全县播放、紧急播放和成批改设置，须由另一个人批准。

## 广播（broadcast/errors 的 Problem，及各接口）

broker-away = 消息服务器没有应答（{ $reason }），指令暂时发不出去，会自动重试。
broadcast-drill-said-first = 演练，演练，这是演练。
broadcasts-not-yours = 您的账号不能发广播，请由村级管理员、值班员或县级管理员操作。
studio-away = 语音制作程序暂时不能用，请稍后再试。
broadcast-text-empty = 请先写广播的内容。
broadcast-text-unreadable = 这段内容里没有能读出来的字，请写成句子。
broadcast-text-too-long = 内容有 { NUMBER($length, useGrouping: 0) } 字，太长了，请控制在 { NUMBER($limit, useGrouping: 0) } 字以内。
broadcast-text-broken = 第 { NUMBER($at, useGrouping: 0) } 个字是乱码，请删掉重写。
broadcast-source = 请写一段文字，选一段录音，或者选一个模板，三样只要一样。
broadcast-template-unknown = 没有这个广播模板：{ $template }。
broadcast-template-none = 没有选模板，vars 无处可填；请同时写明 template。
broadcast-template-unfilled = 还有空没有填：{ $unfilled }。
broadcast-template-unasked = 模板里没有这些空：{ $unasked }。要填的是：{ $blanks }。
broadcast-template-value = “{ $blank }”填得太长，请控制在 { NUMBER($limit, useGrouping: 0) } 字以内。
broadcast-template-name = 请写模板的名称，{ NUMBER($limit, useGrouping: 0) } 字以内。
broadcast-template-blank = 要填的空写成 {"{"}地点{"}"} 这样，名称 { NUMBER($limit, useGrouping: 0) } 字以内，最多 { NUMBER($most, useGrouping: 0) } 个，大括号要成对。
template-unknown = 没有这个广播模板：{ $template }。
template-there = 模板编号 { $template } 已经有了。
template-id = 模板的编号用小写字母、数字和 - 。
broadcast-title = 标题请写在 { NUMBER($limit, useGrouping: 0) } 字以内，不要换行。
broadcast-recording-empty = 录音是空的，请重新上传。
broadcast-recording-too-large = 录音文件太大，最大 { $limit } MB。
broadcast-recording-not-audio = 这个文件不是录音，请上传 MP3、WAV、M4A、AMR、OGG 或 FLAC。
broadcast-recording-broken = 录音文件已损坏，放不出来，请重新录制。
broadcast-recording-too-short = 录音只有 { $seconds } 秒，太短了，至少 { $limit } 秒。
broadcast-recording-too-long = 录音太长，最长 { NUMBER($limit, useGrouping: 0) } 秒。
broadcast-recording-silent = 录音里没有声音，请重新录制。
broadcast-recording-unknown = 没有这段录音，请重新上传。
broadcast-voice-unavailable = 语音暂时合成不了，请稍后再试，或改用录音。
broadcast-mastering-failed = 声音没有做好，请再试一次。
broadcast-loudness-unreached = 这段声音调不到合适的音量，请换一段录音。
broadcast-store-full = 硬盘已满，声音存不下，请联系管理员清理。
broadcast-store-unusable = 声音文件夹不能写入，请联系管理员。
broadcast-audio-missing = 没有这个声音文件。
broadcast-audio-damaged = 声音文件已损坏，请重新保存这条广播。
broadcast-category-priority = 224 及以上的优先级只用于“应急”类广播，“应急”类也不能低于 224。
broadcast-no-zones = 请选择要广播的地区。
broadcast-zone-unknown = 没有这个地区或喇叭组：{ $zone }。
broadcast-zone-silent = { $zone }没有能用的喇叭，广播不出去。
broadcast-zone-not-yours = { $zone }不在您的辖区内，您不能在那里广播。
broadcast-time-past = 这个时间已经过去了，请选一个以后的时间，或者立即广播。
broadcast-time-far = 时间请选在 { NUMBER($days, useGrouping: 0) } 天以内。
broadcast-time-twice = 定时和重复只能选一样；起止时间只用于重复广播。
broadcast-time-local = “{ $field }”请写成当地时间，例如 2026-12-01T07:30。
broadcast-time-zone = 没有这个时区：{ $tz }。
broadcast-rule-wrong = 看不懂这条重复规则：{ $rule }。
broadcast-rule-never = 按这条规则，以后一次也不会广播，请检查日期。
broadcast-rule-often = 广播太频繁，两次之间至少隔 { NUMBER($minutes, useGrouping: 0) } 分钟。
broadcast-unknown = 没有这条广播，或者它不在您的辖区。
broadcast-changed = 这条广播刚被别人改过，请看过新内容再操作。
broadcast-wrong-state = 广播当前为“{ $state ->
    [preparing] 制作中
    [failed] 制作失败
    [waiting_approval] 待审批
    [rejected] 已退回
    [scheduled] 待播
    [running] 正在播
    [done] 已播完
    [stopped] 已停播
    [cancelled] 已取消
   *[other] { $state }
}”，此时不能这样操作。
broadcast-on-air = 这条广播正在播，请先停播。
broadcast-not-prepared = 声音还没有做好，请稍等。
broadcast-same-person = 需要另一个人审批，写的人不能自己批。
broadcast-approver = 请由辖区包含这些地方的值班员或县级管理员审批。
broadcast-no-loudspeaker = 您的辖区里没有喇叭 { $device }。
broadcast-run-unknown = 没有这一次播放。
group-there = 编号 { $group } 已经有了。
group-unknown = 没有这个喇叭组：{ $group }。
group-id = 喇叭组的编号以 g- 开头，后面用字母、数字和 . _ -。
group-name = 请写喇叭组的名称，{ NUMBER($limit, useGrouping: 0) } 字以内。
group-members = 请选属于这个地区的喇叭；{ $device } 不是。

## 各页面之间

nav = 页面
nav-desk = 值班台
nav-broadcasts = 广播
skip-to-content = 跳到正文
page-link-down-means = 页面上的状态可能不是最新的，正在重新连接。

## 广播

broadcasts-title = 广播
broadcast-write = 写广播
broadcast-state-preparing = 正在合成
broadcast-state-failed = 没有做成
broadcast-state-waiting-approval = 等待审批
broadcast-state-rejected = 未同意
broadcast-state-scheduled = 到时播出
broadcast-state-running = 正在播出
broadcast-state-done = 已播完
broadcast-state-unheard = 没有播成
broadcast-state-silent = 没有回音
broadcast-state-partly = 部分播成
broadcast-state-stopped = 已停播
broadcast-state-cancelled = 已撤回
category = 类别
category-notice = 通知
category-service = 便民
category-policy = 政策
category-fraud = 防诈骗
category-theft = 防盗
category-fire = 防火
category-weather = 天气
category-emergency = 应急
category-emergency-means = 应急广播用最大音量，会打断其他广播，不受夜间静音限制，要第二个人同意才播。
list-and = 、
list-then = ；

part-on-air = 正在播出
part-approval = 等待审批
part-coming = 即将播出
part-past = 以往的广播
none-coming = 没有即将播出的广播。
none-past = 还没有播过。
older = 更早的
newest-first = 回到最新
next-at = 下次 { $moment }
next-times = 接下来：{ $moments }

count-targeted = 应播
count-ready = 已就绪
count-playing = 已开播
count-played = 已播完
count-heard = 听到回音
count-failed = 没播成
coverage-says = { $targeted } 个喇叭中 { $played } 个已播完
coverage-complete = { $count } 个喇叭全部播完。
missing-head = 还没有播完的
missing-over = 没有回音的
failed-head = 没播成的
none-runs = 还没有播过。
runs = 播出情况
run-state-planned = 待播
run-state-sent = 正在播出
run-state-done = 已结束
run-state-skipped = 没有播
run-state-stopped = 已停播
run-skipped-late = 错过了时间，这一次没有播。
run-skipped-silent = 那里没有能用的喇叭，这一次没有播。
run-skipped-grown = 喇叭分组后来扩大，已覆盖全县，而全县广播须经第二人同意，这一次没有播。
broadcast-untitled = 一段录音
rehearsal-stop = 停掉试播
rehearsal-on = 在 { $device } 试播
receipt-ready = 已就绪
receipt-playing = 正在播
receipt-played = 已播完
receipt-heard = 听到回音
receipt-preempted = 被更急的打断
receipt-stopped = 已停
receipt-refused = 拒绝播出
receipt-failed = 没播成
reason-bad-signature = 签名不对
reason-unknown-key = 不认识签名的密钥
reason-wrong-address = 不是发给它的
reason-expired = 来得太晚
reason-not-yet = 还没到生效时间
reason-replayed = 是旧命令
reason-limit = 超过当天时长，或在静音时段
reason-no-clock = 时钟没有校准
reason-fetch-failed = 下载不到声音
reason-hash-mismatch = 下载的声音不对
reason-unsupported = 型号不支持
reason-busy = 正在播更急的
part-refused = 最近一天被拒绝的指令
refused-by-signer = 签名程序没有签发：
refused-by-device = { $device } 没有照办：
reason-signer-two-people = 要另一个人同意
reason-signer-too-late = 已经过时
reason-signer-order-wrong = 指令有误
reason-signer-order-changed = 同一编号签发过别的内容
reason-signer-type = 不是可以下达的指令
reason-signer-life = 有效期不对
reason-broken-off = 播到一半断了
reason-unsaid = 没有说明原因

stop = 停播
stop-means = 所有喇叭会在两秒内安静下来。还没播的几次也一并取消。
stop-confirm = 确认停播
stop-all = 全部停播
stop-all-means = 您辖区内正在播的全部停下。
stop-all-confirm = 确认全部停播
stopped-says = { $count ->
    [0] 已通知停播，当时没有正在播的。
   *[other] 已停播，停掉 { $count } 次播出。
}
stopped-unsent = 有 { $count } 处暂时通知不到，正在重试。
stopped-wider = 有 { $count } 次是上级向更大范围播的，请联系上级停播。
stopped-unrecorded = 数据库暂时写不进去，稍后补记。
take-back = 撤回
take-back-means = 撤回以后不再播出。
take-back-confirm = 确认撤回
change = 修改
write-like = 照此再写一条
approve = 同意播出
reject = 不同意
reject-why = 哪里要改
reject-confirm = 确认不同意
approval-needed-emergency = 应急广播要第二个人同意才播。请先听一遍。
approval-needed-county = 全县广播要第二个人同意才播。请先听一遍。
approval-by-other = { $level ->
    [county] 请县里的另一位值班员或县级管理员来审批。
   *[other] 请镇里或县里的另一位值班员，或县级管理员来审批。
}
prepare-failed = 没有做成：

sound = 声音
sound-says = { $seconds } 秒，内容播 { $repeat } 遍
sound-length = 全长 { $seconds } 秒
voice-name-edge = 在线语音
voice-name-espeak = 本机语音
rehearse = 试播
rehearse-means = 只在一个喇叭上播，标明演练，不影响正式播出。
rehearse-where = 在哪个喇叭
rehearse-confirm = 现在试播
sound-passed-over = 在线语音没有应答，改用本机语音
sound-preparing = 正在合成声音，请稍等
sound-none = 没有声音。
sound-stale = 内容已经改过，请再试听一次。
words = 内容
words-spoken = 读法
words-spoken-means = 喇叭照这里读；读错的字可以改成同音字
words-recording = 播放上传的录音。
spoken-corrected = 人工改过
spoken-corrected-means = 读法是您改的，不再跟着内容变。
spoken-again = 按内容重新生成
who = 经手
written-by = 起草
changed-by = 修改
approved-by = 同意
priority = 优先级
priority-usual = 按类别
volume-says = 音量 { $volume }

step-words = 播什么
step-listen = 听一遍
step-where = 在哪里播
step-when = 什么时候播
source = 来源
source-text = 文字
source-recording = 录音
words-write = 写下要广播的话。电话、金额、日期、时间照常写，读法会自动生成。
recording-choose = 选一段录音
recording-means = MP3、WAV、M4A、AMR、OGG 或 FLAC
recording-busy = 正在上传和检查……
recording-done = 可以用：
recording-kept = 用原来的录音；要换就再选一段。
recording-missing = 请先选一段录音。
listen = 试听
more-settings = 更多设置
templates-title = 广播模板
templates-mean = 预先写好的提醒。要填的空写在大括号里，发广播时填上就行；县里的所有村社都用这些模板。
templates-none = 还没有模板。
template-new = 新模板
template-name = 名称
template-text = 内容
template-text-means = 要填的空写成 {"{"}地点{"}"} 这样
template-changed = { $by } 改于 { $at }
template-remove-means = 删掉以后就选不到它了；已经写好的广播不变。
template-choose = 用模板
template-all = 查看全部
template-none = 自己写
template-replace = 换成模板的内容？您写的会被替换。
template-edited = 文字已经改过，请直接在下面改。
broadcast-title-field = 标题
broadcast-title-means = 不填就用开头几个字
repeat = 播几遍
repeat-range = 请填 1 到 { $limit } 遍。
voice = 声音
voice-auto = 自动选择
voice-local = 只用本机合成，文字不外传
priority-range = 优先级请填 0 到 255，或者留空。
drill-means = 演练：先播“这是演练”，并处处标明
loudspeakers = { $count ->
    [0] 没有喇叭
   *[other] { $count } 个喇叭
}
groups = 喇叭组
reach-says = { $count ->
    [0] 还没有选地方
   *[other] 会在 { $count } 个喇叭播出
}
reach-needs-two = 要第二个人同意才播
send-now = 立即播出
send-later = 保存，到时播出
send-approval = 请人审批
form-wrong = 有 { $count } 处要改，请看红字。什么都没有播。

when-now = 立即
when-at = 定时一次
when-daily = 每天
when-weekly = 每周
when-rule = 其他规则
when-moment = 日期和时间
when-time = 几点
when-starts = 从哪天起
when-until = 到哪天止
when-rule-field = RRULE
when-moment-missing = 请选日期和时间。
when-time-missing = 请填几点播。
when-days-missing = 请选星期几播。
when-date-wrong = 日期不对，请重新选。
when-says-now = 立即播出
when-says-at = { $moment } 播一次
when-says-daily = 每天 { $time }
when-says-weekly = 每{ $days } { $time }
when-says-rule = 按规则 { $rule }，{ $time } 起
when-says-until = { $rule }，到{ $date }止
day = { $year ->
    [same] {""}
   *[other] { $year }年
}{ $month }月{ $day }日
moment = { $year ->
    [same] {""}
   *[other] { $year }年
}{ $month }月{ $day }日 { $weekday } { $time }
weekday-mo = 周一
weekday-tu = 周二
weekday-we = 周三
weekday-th = 周四
weekday-fr = 周五
weekday-sa = 周六
weekday-su = 周日

## 住户、地区、帮手的页面

save = 保存
saved = 已保存。
remove = 删除
remove-confirm = 确认删除
back-to-list = 返回列表
show-more = 显示更多
none-found = 没有找到，请换个条件。
none-yet = 还没有录入。
choice-none = （无）
choice-unknown = 未知
all-areas = 全部地区
id-means = 留空则自动编号
code-means = 12 位统计用区划代码
new-residents = 新增住户
new-areas = 新增地区
new-people = 新增帮手
new-clinics = 新增卫生院
new-one = 新增
part-person = 本人
part-helpers = 家属和帮手
contacts-means = 按拨打的先后填写，多填几位保存后还会有空行
contact-relation = 关系
contact-name = 联系人姓名
contact-phone = 联系人电话
devices-of = 家里的设备：
no-device = 没有设备
search-residents = 姓名、电话、住址或编号
residents-found = 共 { $count } 户
remove-means-residents = 住户会从列表里移除，以前的呼叫记录保留。家里还有设备时不能删除。
remove-means-areas = 里面没有下级地区、住户、人员和设备时才能删除。
remove-means-people = 没有住户由他负责时才能删除。
remove-means-clinics = 没有住户和人员属于它时才能删除。
level-county = 县
level-town = 镇街
level-village = 村社
level-grid = 网格
column-level = 级别
export = 导出
file-xlsx = XLSX
file-csv = CSV
import = 导入
import-residents = 导入住户
import-areas = 导入地区
import-people = 导入帮手
import-clinics = 导入卫生院
import-file = 选择文件（CSV 或 XLSX）
import-check = 检查文件
import-means = 第一行写列名，每行一条；编号已有的会被修改，其余新增。先检查，不会改动任何数据。
import-template = 下载空表
import-busy = 正在处理文件，请稍候……
import-columns = 可以用的列名（* 必须有）
import-right = 文件没有问题，将要：
import-new = 新增
import-changed = 修改
import-unchanged = 不变
import-sample = { $what }的头几条
import-confirm = 确认导入 { $count } 条
import-nothing = 文件与现有数据完全一样，没有要导入的。
import-done = 导入完成：新增 { $added } 条，修改 { $changed } 条。
import-lines = 行
import-column = 列
import-do = 怎么改
import-more-wrong = 这些行也有错。请先改好上面的，再检查一次。

## 设备的页面

device-presence = 状态
device-name = 设备
device-where = 在哪里
device-seen = 最后出声
device-kind = 种类
device-button = 呼叫按钮
device-loudspeaker = 喇叭
device-gateway = 网关
all-kinds = 全部种类
all-presences = 全部状态
search-devices = 设备编号、住户姓名或型号
presence-online = 在线
presence-late = 迟到
presence-lost = 失联
presence-never = 没有出过声
since = 自 { $time }
minutes-many = { $count } 分钟
device-state = 现在
device-every = 最多隔多久出声
device-model-name = 型号
device-firmware = 固件
device-clock = 时钟
device-clock-ok = 正常
device-clock-none = 没有对时
device-clock-off = 它的时钟差了大约 { $minutes } 分钟，这段时间的数值不画在图里。
device-rejected = 看不懂的数值
device-said = 最近说的
device-said-nothing = 还没有报过数值。
device-presses = 最近的按键
device-presses-none = 还没有按过。
via-http = 经备用通道
lasted = { $unit ->
    [days] { $days } 天 { $hours } 小时
    [hours] { $hours } 小时 { $minutes } 分
   *[minutes] { $minutes } 分钟
}
metric-battery = 电量
metric-signal = 信号
metric-temperature = 温度
metric-supply-v = 电源电压
metric-uptime-s = 已开机
unit-battery = %
unit-signal = dBm
unit-temperature = ℃
unit-supply-v = V
unit-uptime-s = 秒
span-day = 一天
span-month = 一个月
chart-metric = 画哪个数值
chart-span = 画多长时间
chart-means = 数值随时间变化的曲线
chart-none = 这段时间没有数值。
chart-away = 暂时读不到数值，稍后会自动再试。
chart-least = 最低
chart-most = 最高

# --- 谁会被叫到：预案、排班、覆盖 ---
plan-name = 请给预案起个名字（最多 { $limit } 个字）。
plan-length = 预案要有 1 到 { $limit } 步。
plan-start = 第一步要在按下按钮的那一刻（0 秒）开始。
plan-nobody = 第 { $step } 步（{ $after } 秒）没有写要叫谁。
plan-whom = 第 { $step } 步里的“{ $value }”不是可以呼叫的对象。
plan-all-first = 第一步还没有叫过任何人，不能写“全部再叫一遍”。
plan-loop = 第 { $step } 步（{ $after } 秒）比前一步还早，预案会绕回去。请按时间先后排列。
plan-close = 第 { $step } 步离前一步不到 { $seconds } 秒，同一个人会被连着叫两次。
plan-late = 第 { $step } 步太晚了，最晚不能超过 { $seconds } 秒。
plan-circle = 第 { $step } 步会一直重复，后面的步骤永远轮不到。只有最后一步可以重复。
plan-no-end = 最后一步（第 { $step } 步）要写明每隔多久重复一次，直到有人接听；否则没人接的时候就不再叫人了。
plan-again = 最后一步（第 { $step } 步）的重复间隔要在 { $shortest } 到 { $longest } 秒之间。
plan-no-county = 预案里要有县级中心，这样无论哪个乡镇没人，呼叫总有人看到。
plan-no-screen = 第一步要叫到一个有屏幕的地方：镇中心、卫生院或县中心。
plan-area = 预案只能为县或乡镇编写，“{ $value }”不是。
plan-there = { $area } 已经有预案了，请直接修改它。
plan-unknown = 没有这个预案：{ $plan }。
rehearsal-where = 请选一位住户或者一个地区来预演，两者选一个。
roster-name = 请给排班表起个名字（最多 { $limit } 个字）。
roster-nobody = 排班表里一个人也没有。请至少写一个有人的班次。
roster-long = 排班表太长：最多 { $shifts } 个班次、{ $changes } 条调班。
roster-change-time = 第 { $change } 条调班的结束时间要晚于开始时间，最长 60 天。
roster-change-nobody = 第 { $change } 条调班没有写是谁。
roster-place = 没有这个值班地点：{ $value }。
roster-there = 这里已经有排班表了，请直接修改它（{ $place }）。
rosters-leaders = 这个班表由班表上的带班领导或县级管理员修改。
roster-unknown = 没有这个排班表：{ $roster }。
roster-leader = { $value } 不能做带班领导：没有这个账号，或者已经停用。
roster-stranger = { $value } 不是这里的值班人员。
shift-name = 第 { $shift } 个班次要有名字（最多 { $limit } 个字）。
shift-nobody = 第 { $shift } 个班次没有人（最多 { $limit } 人）。
shift-length = 第 { $shift } 个班次的时长要在 1 分钟到 { $hours } 小时之间。
shift-phone = 第 { $shift } 个班次的带班电话“{ $value }”不是电话号码。
shift-zone = 第 { $shift } 个班次的时区“{ $value }”不存在。
shift-start = 第 { $shift } 个班次的开始时间“{ $value }”看不懂，请写成 2026-11-01T08:00。
shift-rule = 第 { $shift } 个班次的重复规则“{ $value }”不对，或者永远不会到来。

# --- 值守页面：覆盖、排班、预案 ---
nav-duty = 值守
nav-coverage = 值守检查
nav-rosters = 排班
nav-policies = 呼叫预案
seconds = 秒
coverage-look = 查看
coverage-villages = 今晚没有人的村
coverage-villages-fine = 今晚每个村都有镇中心或卫生院的人值班。
coverage-desks = 现在响不起来的值班台
coverage-desks-fine = 每个中心和卫生院都有开着、能响铃的屏幕。
coverage-staff = 应值班 { $duty } 人，共 { $staff } 人
coverage-rosters = 未来七天的排班问题
coverage-rosters-fine = 未来七天排班没有空档，也没有人同时排在两处。
coverage-gaps = 没有人值班：
coverage-double = 同时排在两处：
coverage-more = 还有 { $count } 处
coverage-residents = 缺少保障的住户
coverage-residents-fine = { $total } 户住户都有卫生院、联系人、网格员和能用的设备。
coverage-lacks = 缺什么
lacks-clinic = 没有卫生院
lacks-contact = 没有联系人电话
lacks-grid-worker = 没有网格员电话
lacks-device = 没有设备
lacks-lost = 设备失联
policies-mean = 没有人接听时，按这里写的先后去叫人。乡镇可以有自己的预案，没有的用全县的。
policy-new = 新预案
policy-built-in = 默认预案
policy-built-in-means = 没有写预案的地方都用它
policy-version = 第 { $version } 版 · { $by } · { $at }
policy-version-short = 第 { $version } 版
policy-after = { $seconds } 秒
policy-every = 之后每 { $seconds } 秒一次，直到有人接听
policy-remove-means = 这里会改用上一级的预案。正在进行的呼叫仍按原来的预案处理。
policy-for = 用于
policy-name = 名称
policy-steps = 步骤（从按下按钮开始算，单位是秒；不用的行留空）
policy-step = 第 { $number } 步
policy-step-after = 第 { $number } 步：多少秒后
policy-every-before = 最后一步每隔
policy-every-after = 秒重复一次，直到有人接听
policy-every-label = 最后一步的重复间隔（秒）
policy-versions = 历史版本
plan-time = “{ $value }”不是秒数，请填数字。
whom-town = 镇中心
whom-clinic = 卫生院
whom-town-loud = 全镇屏幕加大音量
whom-county = 县中心
whom-grid-worker = 网格员
whom-doctor = 村医
whom-leader = 带班领导
whom-contact = 首位联系人
whom-contacts = 全部联系人
whom-all = 全部再叫一遍
missed-none = 没有
missed-dark = 没有开着的屏幕
missed-no-phone = 没有电话
helper-grid-worker = 网格员
helper-doctor = 村医
helper-leader = 带班领导
helper-contact = 联系人
rehearse-who = 住户
rehearse-who-means = 姓名或编号；不填就按地区
rehearse-at = 时间
rehearse-go = 开始预演
rehearsed-now = 按现在开着的屏幕计算。
rehearsed-by-roster = 那个时候哪些屏幕开着还不知道，按排班计算：排了班的就算在。
rehearsed-when = 按下后
rehearsed-rung = 响铃
rehearsed-told = 通知到人
rehearsed-missed = 叫不到的
rehearsed-loud = 加大音量
rehearsed-skipped = 跳过，马上进行下一步
rehearsal-nobody = 没有找到“{ $who }”。
rehearsal-several = 有好几位“{ $who }”，请填编号。
rehearsal-time = 请选一个时间。
rosters-mean = 没有排班的地方，所有人都算在班。● 表示屏幕开着。
roster-change = 修改
roster-write = 编写排班
roster-on-now = 现在值班：
roster-nobody-now = 现在没有人值班
roster-nobody-then = 没有人
roster-leads = 带班领导：
roster-none = 没有排班，{ $staff } 人都算在班。
roster-remove-means = 删除以后，这里的所有人都算在班。
roster-name-label = 名称
roster-shifts = 班次
roster-shift = 班次 { $number }
roster-shift-name = 班次名称
roster-begins = 开始
roster-ends = 结束
roster-rule = 重复规则
roster-people = 值班人员
roster-leader-label = 带班领导
roster-phone = 带班电话
roster-changes = 调班、请假、替班
roster-changes-mean = 起止时间，谁不在，谁来替；只填后一位就是加人
roster-shift-more = 再加一班（不用就留空）
roster-leads-short = 带班
roster-change-from = 从
roster-change-to = 到
roster-change-away = 谁不在
roster-change-comes = 谁来替
roster-change-away-none = （没有人离开）
roster-change-comes-none = （没有人来替）
roster-change-since = 第 { $number } 条的开始
roster-change-until = 第 { $number } 条的结束
roster-change-out = 第 { $number } 条：谁不在
roster-change-into = 第 { $number } 条：谁来替
shift-times = 第 { $shift } 个班次要写明星期几、几点到几点。
rehearsal-title = 预演
rehearsal-means = 只算一遍，不会真的叫人
rehearsal-area = 地区
