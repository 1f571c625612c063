### English catalogue: same ids as zh.ftl, which is the first.

## What the call button says aloud: for an elder, short and warm

reply-received = We have your call and are alerting the staff on duty. Please stay calm and try not to move.
reply-answered = { $by } has your call and is arranging help. Please wait, you are not alone.
reply-coming = { $by } is on the way to you. Please wait calmly.
reply-closed = This call has been taken care of. If you still need help, press the button again.
reply-test = Test received. The button and the line both work.
reply-noted = This key was received and recorded. If you need help, please press the emergency button.
reply-merged = Your call and another one are the same matter; they are handled together. Please do not worry.
reply-cancelled = All right, this call is cancelled. If you need help, press again at any time.
reply-rate = This call has been taken care of. If you are content, press the OK key; if you would like us to telephone, press the call-back key.
reply-still-coming = Your call is being passed on at the desk; help is on its way all the same. Please wait calmly.
spoken-doctor = the village doctor
spoken-grid-worker = the grid worker
spoken-120 = the 120 ambulance
spoken-119 = the 119 fire service
spoken-110 = the 110 police

## What is said when something cannot be done (codes of hub/domain/errors)

call-unknown = There is no such call, or it is outside your area.
call-held = { $holder } has this call already.
call-closed = This call is over and cannot be changed any more.
call-wrong-state = The call is now “{ $state ->
    [raised] raised
    [ringing] waiting
    [answered] answered
    [dispatched] dispatched
    [on_scene] on scene
    [resolved] resolved
    [feedback] follow-up due
    [closed] closed
   *[other] { $state }
}”, so this cannot be done. Look again and retry.
call-asked-only = Your clinic was asked to go: you can record its own steps (accept, on the way, arrived, done) and write notes. The center does everything else.
calls-not-yours = Your account cannot work on calls. Ask an operator or the clinic's staff.
rating-range = A rating is 1 to 5.
dial-number = Only 120, 119 and 110 are recorded here.
callback-outcome = Choose how the call-back went: spoke, no answer, busy or wrong number.
note-empty = Write something before saving.
note-long = Too long: at most { NUMBER($limit, useGrouping: 0) } characters.
cancel-not-asked = The cancel key was not pressed. To end this call, answer it, see to it and record how it ended.
outcome-by-confirm = “Cancelled by themselves” is recorded by confirming the cancel.
merge-itself = A call cannot be merged into itself.
merge-unknown = There is no such call to merge into, or it is outside your area.
merge-county = The two calls are in different counties and cannot be merged.
merge-drill = A drill and a real call cannot be merged.
merge-into-closed = The call to merge into is over already.
reopen-merged = This call was merged into another one; go on there.
reopen-test = A test press need not be reopened.
reopen-newer = This household has a newer call; go on there.
handover-nobody = There is no such colleague, or they cannot work on this call.
handover-off-duty = { $name } is not on duty and cannot take over. Hand it to somebody on duty, or give it back to the queue.
dispatch-nobody = Nobody to send was found. Give 120, 119, 110, or the id of a clinic, village doctor, grid worker or contact on the card.
responder-asked = { $name } has been asked already.
responder-unknown = Nobody of that id was sent for this call.
responder-not-yours = You can record the steps of your own clinic only.
responder-wrong-state = { $name } is now “{ $state ->
    [asked] asked
    [accepted] accepted
    [declined] declined
    [no_answer] no answer
    [on_the_way] on the way
    [arrived] arrived
    [done] done
   *[other] { $state }
}”, so this cannot be recorded.
entry-place = Choose a resident, or give the code of an area of yours.
entry-place-clinic = Your clinic can enter calls for places of its own area only; choose its residents elsewhere by name.
call-there = This resident has an open call already; add a note there.
feedback-no-device = This call has no button; follow up by telephone or by a link.
feedback-no-phone = The register has no telephone of the resident or a contact; follow up at their door.
feedback-link-over = There is no such link, or its days are over.
feedback-given-reopened = You have rated already, thank you. The case was taken up again since; you will be asked again when it is over.
feedback-reopened = The case is not over: it was taken up again. You will be asked again when it is; this link is no longer needed.
feedback-newer = A newer link was sent to you since. Please use the newest one.
feedback-closed = This case is closed and needs no rating any more. Thank you.
feedback-given = This has been rated already. Thank you.

press-not-stored = The press is shown on every desk but not stored yet.
sign-in-needed = Please sign in.
sign-in-wrong = User name or password is wrong.
sign-in-often = Too many attempts. Try again in { $seconds } s.
csrf-wrong = This request did not come from our own page. Reload it and try again.
csrf-missing = Send the csrf that POST /api/v1/session answered with in the header X-CSRF-Token, or use an Authorization: Bearer token instead.
admins-only = Only the county's administrators may do this.
people-only = Only a person who is signed in may do this, not a program's token.
token-scope = This token was not given the scope “{ $scope }”.
token-scopes-empty = Choose at least one scope.
token-end = A token ends within a year from now.
token-taken = There is such a token already; try again.
token-unknown = There is no such token.
username-taken = This user name is taken.
user-unknown = There is no such user, or they are outside your area.
user-yourself = You can neither disable yourself nor change your own role.
user-clinic = Clinic staff need their clinic; other roles have none.
user-place = There is no such area or clinic.
area-not-yours = This area is not yours.
idempotency-key-used = This Idempotency-Key was used for another request; take a new one.
cursor-unknown = The cursor is not one of ours; begin with the first page.
request-invalid = The request is wrong.
request-refused = The request is refused.
internal-error = Something went wrong in the system; it is in the log. Please try again.
field-missing = “{ $field }” is missing.
field-unknown = There is no field “{ $field }”.
field-wrong = The value of “{ $field }” is wrong.
page-unknown = There is no such page.
method-unknown = This method is not supported.
body-too-long = The request is too large.
host-unknown = This hub does not answer for that address.
store-away = The database is away and nothing was saved. Try again soon.
calls-twice = Another hub of this name (process { $pid }) is at work in { $folder }. Stop it, or give this one a folder and a name of its own.
store-away-at = The database { $url } cannot be used: { $reason }. Put it right, or restore a backup (xiangyin restore).
telemetry-unreachable = Measured values cannot be read or stored just now: { $store } is not reached ({ $reason }). Calls are not affected.
telemetry-refused = Measured values cannot be read or stored just now: { $store } refuses ({ $reason }). Calls are not affected.
telemetry-silent = Measured values and signs of life are not kept: the telemetry role does not run. Calls are not affected.
telemetry-clock = This machine’s clock was set to another time; telemetry starts again with it.
span-wrong = “from” must lie before “to”, at most { $days } days.
device-not-yours = There is no device { $device }, or it is outside your area.
metric-wrong = A metric’s name has letters, digits and . _ -, begins with a letter, and is at most 64 long.
store-busy = The database is busy and nothing was saved. Try again.
device-unknown = There is no such device, or its user name or password is wrong.
device-id = A device id has letters, digits and . _ -, begins with a letter or digit, and is at most 64 long.
device-id-zone = { $device } names an area or group as well, and what is signed for it would be followed by every loudspeaker there. Choose another id.
device-id-used = The id { $device } was used before and is never used again.
device-model = The model is too long: at most { NUMBER($limit, useGrouping: 0) } characters.
device-topics = These topics overlap with another device's, or may not be used.
device-place = Say which resident or area the device belongs to.
devices-not-yours = Your account does not manage devices.
area-unknown = There is no such area: { $area }.
resident-unknown = There is no such resident: { $resident }.
press-unknown = This press has not been received.
desk-unknown = This desk's live connection has ended; connect again.
up-refused = { $program } cannot start: { $reason }

## The county's own data: residents, areas, helpers, clinics

entry-faulty = { $count } things are not right. Put them right and save again.
entry-missing = This is needed.
entry-long = Too long: at most { NUMBER($limit, useGrouping: 0) } characters.
entry-control = There are characters that nobody sees, or line breaks. Delete them and type it again.
entry-id = The id “{ $value }” cannot be used: letters, digits and _ - only, a letter or digit first, at most 32.
entry-phone = “{ $value }” is no telephone number. Write digits only, with area code and hyphens if you like.
entry-sex = Sex “{ $value }” is not understood. Write F or M, or leave it empty.
entry-status = Status “{ $value }” is not understood. Write at home, away, in hospital, dead or service stopped, or leave it empty.
entry-born = Year of birth “{ $value }” is wrong. Write four digits from 1890 to { NUMBER($year, useGrouping: 0) }.
entry-year = “{ $value }” is no year. Write four digits, for example 1941.
entry-degrees = “{ $value }” is no latitude or longitude. Write a decimal number, for example 29.91342.
entry-position = “{ $value }” is beyond ±{ $most } degrees. Were latitude and longitude exchanged?
entry-half-position = Give both latitude and longitude, or neither.
entry-contact = The contact “{ $value }” is not understood. Write relation/name/telephone, with a semicolon between people.
entry-contact-half = The contact “{ $value }” needs a name, and a telephone number that can be dialled.
entry-contacts-many = At most { $limit } contacts.
entry-code = “{ $value }” is no area code. Use the 12-digit statistical code; a grid adds a suffix to its village's.
entry-code-elsewhere = { $value } is not in your county.
entry-parent = There is no area { $value } above it. Enter that one first.
entry-digits-lost = “{ $value }” has lost digits; a spreadsheet has probably made it a figure. Make the column “text” and write the whole code.
entry-area = There is no area “{ $value }”. Write its 12-digit code, or town and village by name.
entry-clinic = There is no clinic “{ $value }”. Write a name or id from the register, or leave it empty.
entry-person = There is nobody called “{ $value }”. Enter them under Helpers first, or leave it empty.
entry-ambiguous = “{ $value }” is the name of more than one. Write an id or code instead: { $ids }.
entry-kind = “{ $value }” is not understood. Write “doctor” or “grid worker”.
entry-kind-other = { $value } is a helper of another kind already. Use a new id.
entry-twice = The same as line { NUMBER($line, useGrouping: 0) }. Delete one of the two.
entry-there = This one is in the register as { $value }. Write that id to change it, or delete the line.
entry-outside = There is something in column { $column }, which has no title. Give it one, or delete it.
resident-there = There is a resident { $resident } already.
resident-has-devices = There are devices in this household ({ $devices }). Take them back or give them to others first.
person-there = There is somebody with the id { $person } already.
person-unknown = There is no such person: { $person }.
person-in-use = { $count } residents still name this person. Give them to somebody else first.
clinic-there = There is a clinic { $clinic } already.
clinic-unknown = There is no such clinic: { $clinic }.
clinic-in-use = { $count } residents or members of staff still belong to this clinic. Move them first.
area-in-use = There are still { $count } things in this area (areas below, residents, people, devices or accounts), so it stays.
register-not-yours = Your account may not see these data.

import-wrong = { $count } lines are wrong and nothing was imported. Mend the file as it says and try again.
import-stale = The register has changed since the check and nothing was imported. Check the file again.
devices-many = At most { NUMBER($limit, useGrouping: 0) } new devices at a time; nothing was imported. Use several files.
import-file-missing = Choose a file.
entry-device-id = The device id “{ $value }” cannot be used: letters, digits and . _ - only, a letter or digit first, at most 64, and not beginning with hub.
entry-device-kind = “{ $value }” is not understood. Write “button”, “loudspeaker” or “gateway”.
entry-device-kind-other = { $value } is a device of another kind already. Use a new id.
entry-device-zone = “{ $value }” is the code of an area or group and cannot name one loudspeaker. Use another id.
entry-device-place = Write a resident, or the area where it stands, or both.
entry-device-used = The id { $value } was used before and is never used again. Use a new one.
entry-resident = There is no resident “{ $value }”. Write an id, or a name from the register.
sheet-empty = There is nothing in the file. Titles stand in the first line, one entry in each line below.
sheet-encoding = The letters of this file cannot be read. Save it as “CSV UTF-8” or XLSX.
sheet-old-excel = This is an old XLS file. Save it as XLSX or CSV.
sheet-broken = This XLSX file cannot be opened; it may be damaged. Save it once more.
sheet-large = Too large: at most { NUMBER($rows, useGrouping: 0) } lines and { $columns } columns at once. Split it.
sheet-quotes = From line { NUMBER($line, useGrouping: 0) } on the quotation marks do not pair. Look, and save it again.
sheet-failed = The file could not be dealt with and nothing was imported. Try again later.
column-untitled = Column { $column } has no title. Give it one, or delete the column.
column-unknown = There is no column “{ $value }”. Use one of the titles listed below, or delete the column.
column-twice = The column “{ $value }” is there twice. Delete one.
column-missing = This column is missing.

## Titles of columns (“also” holds other words for them, with semicolons between)

column-id = Id
column-also-id = number
column-code = Area code
column-also-code = code
column-name = Name
column-areas-name = Area name
column-clinics-name = Clinic name
column-also-name = name
column-kind = Kind
column-devices-id = Device id
column-devices-kind = Kind
column-model = Model
column-also-model = type
column-resident = Resident
column-also-resident = household;resident id
column-sex = Sex
column-born = Born
column-also-born = year of birth
column-area = Area
column-also-area = village
column-address = Address
column-also-address = street
column-phone = Telephone
column-also-phone = phone;mobile
column-contacts = Contacts
column-also-contacts = emergency contacts
column-way-in = Way in
column-also-way-in = access
column-landmark = Landmark
column-also-landmark = next to
column-meets-ambulance = Meets the ambulance
column-conditions = Conditions
column-status = Status
column-also-status = whereabouts
column-also-conditions = medical notes
column-clinic = Clinic
column-also-clinic = health centre
column-doctor = Doctor
column-also-doctor = village doctor
column-grid-worker = Grid worker
column-lat = Latitude
column-lon = Longitude
sex-words-female = F;female
sex-words-male = M;male
status-home = at home
status-away = away
status-hospital = in hospital
status-dead = dead
status-stopped = service stopped
status-words-home = at home;home
status-words-away = away
status-words-hospital = in hospital;hospital
status-words-dead = dead;deceased
status-words-stopped = service stopped;stopped
person-kind-doctor = village doctor
person-kind-grid-worker = grid worker
person-words-doctor = doctor;village doctor;family doctor
person-words-grid-worker = grid worker
device-words-button = button;call button
device-words-loudspeaker = loudspeaker;speaker
device-words-gateway = gateway
nav-residents = Residents
nav-people = Helpers
nav-clinics = Clinics
nav-areas = Areas
nav-devices = Devices

## Notices to people

notice-call-waits = { $helper }: { $resident ->
    [none] somebody in { $place }
   *[other] { $resident }
} { $how ->
    [asked] asked for help
   *[other] pressed the emergency button
} and nobody has answered yet. Please go and look, and call the center.
notice-call-waits-again = { $helper }: the emergency call of { $resident ->
    [none] somebody in { $place }
   *[other] { $resident }
} is not over, and nobody at the center has it now. Please go and look, and call the center.
notice-call-answered = { $helper }: the emergency call of { $resident } has been taken by { $holder }, who is seeing to it.
notice-call-closed = { $helper }: the emergency call of { $resident } is over ({ $outcome ->
    [helped] helped
    [ambulance] taken to hospital
    [fire] fire service
    [police] police
    [false_alarm] pressed by mistake
    [cancelled] cancelled by themselves
    [no_answer] could not be reached
   *[other] other
}). Please call the center if you are worried.
notice-please-go = { $helper }: { $resident ->
    [none] somebody in { $place }
   *[other] { $resident }
} { $how ->
    [asked] asked for help
   *[other] pressed the emergency button
}, and the center asks you to go there at once. { $note ->
    [none] {""}
   *[other] { $note }.
} Please call the center back if you can go.
notice-feedback = { $helper }: the emergency call of { $resident } has been taken care of. Were you content? Please rate here (good for 7 days, once): { $url }
notice-feedback-own = { $resident }: your emergency call has been taken care of. Were you content? Please rate here (good for 7 days, once): { $url }
notice-nobody-there = { $helper }: nobody has reached { $resident ->
    [none] somebody in { $place }
   *[other] { $resident }
} in time. Please see to it at once.

## Shared by all pages

app-name = Xiangyin
app-what = village emergency calls and broadcasts
language-other = 中文
dismiss = Dismiss
time = Time
back-to-desk = Back to the desk
back-to-start = Back to the start
hub-unreachable = The hub did not answer and nothing was saved. Please try again.

## Signing in

sign-in = Sign in
sign-in-title = Sign in to the desk
sign-out = Sign out
username = User name
password = Password
session-ended = You have been signed out. Until you sign in again this screen will not ring.

role-county-admin = county administrator
role-operator = operator
role-clinic = clinic staff
role-village-admin = village administrator

center-operator = { $area } center
center-county-admin = { $area } center
center-clinic = { $area }
center-village-admin = { $area }

## The desk

desk-title = Emergency desk
skip-to-queue = Skip to the queue
queue = Calls
card = Call
link-up = Live
link-connecting = Connecting
link-down-short = Disconnected
link-down = The live link to the hub is down!
link-down-means = New calls will neither show nor ring here. Reconnecting; stay by the telephone and check the network.
sound-on = Ringer on
sound-off-short = Ringer off
sound-off = This screen cannot ring yet!
sound-off-means = The browser wants one click before it may sound. Until then this desk counts as unattended.
sound-turn-on = Turn the ringer on

part-waiting = Waiting
part-held = In hand
part-follow-up = Follow-up due
none-waiting = No call is waiting.
off-screen = waiting out of sight: show
more-hidden = { $count } more calls are not listed.
key-enter = Enter answers the first
no-calls-for-you = Your account does not see calls.

unknown-person = Name not known
unknown-caller = Button not registered
age = { NUMBER($age, useGrouping: 0) }
sex = { $sex ->
    [female] F
    [male] M
   *[other] { $sex }
}
kind-sos = Emergency
kind-fall = Fall
kind-cancel = Cancel
kind-test = Test
kind-ok = OK
kind-callback = Call me back
kind-telephone = By telephone
kind-in_person = In person
presses = { $count } presses
mark-drill = Drill
mark-late = Arrived late
mark-undecoded = Unreadable
mark-cancel-asked = Cancel was pressed
mark-unknown-caller = Not registered
mark-linked = Earlier call open
mark-unrecorded = Not recorded
unrecorded-means = The database cannot be written: this call is not recorded. Write it down now and act; it will be recorded once the database is back.
unrecorded-seen = Written down, stop ringing

state-raised = Raised
state-ringing = Waiting
state-answered = Answered
state-dispatched = Dispatched
state-on-scene = On scene
state-resolved = Resolved, follow-up due
state-feedback = Follow-up due
state-closed = Closed
held-by = { $name } has it
held-by-me = Mine
handled-by = handled by { $name }

answer = Answer
release = Give back
release-means = Back to the queue; it rings again
resolve = Resolve
resolve-confirm = Confirm: resolved
feedback = Follow-up
feedback-confirm = Close the case
outcome = Outcome
outcome-helped = Helped
outcome-ambulance = Taken to hospital
outcome-fire = Fire service
outcome-police = Police
outcome-false-alarm = False alarm
outcome-no-answer = Could not reach
outcome-cancelled = Cancelled by themselves
outcome-other = Other
rating = The elder's rating
rating-value = { $rating }
rating-none = No rating
note-optional = Remark (optional)
note-write = Write a note
note-save = Save

card-empty = Choose a call on the left, or press Enter to answer the one that has waited longest.
card-empty-watching = Choose a call on the left.
where = Where
way-in = Way in
landmark = Landmark
meets-ambulance = Meets the ambulance
coordinates = Coordinates
conditions = Conditions
people = People
call-back = the caller
call-back-number = Call back { $phone }
call-back-outcome = Call-back
callback-spoke = Spoke
callback-no-answer = No answer
callback-busy = Busy
callback-wrong-number = Wrong number
unknown-caller-means = The register knows no household for button { $device }. Send the grid worker to look, and register it.
contact-contact = emergency contact
contact-doctor = family doctor
contact-grid-worker = grid worker
contact-clinic = clinic
contact-center = center

emergency = Emergency numbers
emergency-means = you dial, the hub never does; open one for what to say
number-120 = ambulance
number-119 = fire and rescue
number-110 = police
promised-in = They say
minutes = minutes
dial-note = Their number, what they said
dial-record = Record: { $number } dialled
dialled-at = dialled { $time }

brief-open-120 = This is { $center }. An elder has pressed the emergency button. Please send an ambulance.
brief-open-119 = This is { $center }. We need fire and rescue at an elder's home.
brief-open-110 = This is { $center }. We need the police at an elder's home.
brief-address = Address: { $address }.
brief-way-in = Way in: { $text }
brief-landmark = Landmark: { $text }
brief-meets = Who meets you: { $text }
brief-person = Person: { $name }{ $sex ->
    [unknown] {""}
    [female] , female
    [male] , male
   *[other] , { $sex }
}{ $age ->
    [-1] {""}
   *[other] , { $age } years
}.
brief-conditions = Known conditions: { $text }
brief-phone = Telephone at home: { $phone }.
brief-coordinates = Coordinates (WGS-84): { $at }.
brief-ask-120 = How long will it take? What should we do until you come?
brief-ask-119 = How long will it take? Shall we cut power and gas, and warn the neighbours?
brief-ask-110 = How long will it take?

timeline = Timeline
event-call-raised = { $kind ->
    [telephone] Help asked for by telephone
    [in_person] Help asked for in person
   *[other] Button pressed
}{ $late ->
    [1] {" "}(arrived late)
   *[other] {""}
}{ $caller ->
    [none] {""}
   *[other] , from { $caller }
}
event-call-pressed = Pressed again
event-call-rung = { $step ->
    [again] Ringing again
    [first] Ringing
   *[other] Ringing
}: { $who }
event-call-answered = answered
event-call-released = gave it back
event-call-handed-over = handed over to { $to }
event-call-reminded = { $to } reminded: nothing was done for 4 minutes
event-call-lapsed = { $holder } did nothing for 5 minutes; it waits again
event-call-relieved = { $handed ->
    [1] End of shift: from { $holder } to { $to }
   *[other] The shift of { $holder } is over and nobody follows: it waits again
}
event-call-extended = still at it, 5 more minutes
event-call-dispatched = { $plan ->
    [1] Nobody has accepted; the next is asked: { $helper }
   *[0] sent { $helper }
}
event-call-responder = { $helper }: { $state ->
    [accepted] accepted
    [declined] cannot go
    [no_answer] no answer for 2 minutes
    [on_the_way] on the way
    [arrived] arrived
    [done] done
   *[other] { $state }
}
event-call-unmanned = Nobody who could be asked has accepted; find another way
event-call-escalated = Nobody was there in time; rung: { $who }
event-call-cancelled = spoke with them and cancelled the call
event-call-merged = merged into another call { $other }
event-call-absorbed = Another call { $other } was merged into this one; presses, buttons and whoever was sent followed
event-call-reopened = reopened
event-call-feedback-asked = { $feedback ->
    [link] sent a link for the rating
    [device] asked on the button
   *[other] to be called back for the follow-up
}
event-call-noted = noted
event-call-dialled = dialled { $number }{ $promised ->
    [none] {""}
   *[other] ; they say about { $promised }
}
event-call-called-back = called back: { $outcome ->
    [spoke] spoke
    [no_answer] no answer
    [busy] busy
    [wrong_number] wrong number
   *[other] { $outcome }
}
event-call-cancel-asked = Cancel was pressed (the call stays)
event-call-resolved = resolved: { $outcome ->
    [helped] helped
    [ambulance] taken to hospital
    [fire] fire service
    [police] police
    [false_alarm] false alarm
    [no_answer] could not reach
    [cancelled] cancelled by themselves
   *[other] other
}
event-call-closed = followed up and closed{ $rating ->
    [0] {""}
   *[other] , rating { $rating }
}
event-call-tested = Test press
event-press-noted = Key press noted
event-timer-failed = A reminder was late and has been repeated

## Sending people, handing over, merging, following up

mark-urgent = priority
mark-status-away = away
mark-status-hospital = in hospital
mark-status-dead = registered as dead
mark-status-stopped = service stopped
part-asked = Your clinic is asked to go
responder-state-asked = asked
responder-state-accepted = accepted
responder-state-declined = cannot go
responder-state-no-answer = no answer
responder-state-on-the-way = on the way
responder-state-arrived = there
responder-state-done = done
step-accept = Accepts
step-on-the-way = On the way
step-arrived = Arrived
step-done = Done
step-decline = Cannot go
ours-asked = The center asks your clinic to go
ours-go = We go
ours-accept = Accept, we go
ours-accept-short = Accept
ours-on-the-way = On the way
ours-arrived = Arrived
ours-done = Treated
ours-decline = We cannot go
send-one = Send
send-again = Ask again
promised-about = about { $time }
asked-by-plan = asked by the system
scene-due = Due there by { $time }
lapse-in = Nothing was done for four minutes: in
lapse-then = the call waits again
lapse-short = goes back in
extend = Still at it
confirm-cancel = Confirm cancel
confirm-cancel-means = The cancel key was pressed. Speak with the elder first: do they need nothing?
confirm-cancel-sure = They need nothing: cancel
hand-over = Hand over
hand-over-to = To
hand-over-confirm = Hand over now
sits = at their screen
on-duty = on duty
off-duty = off duty
hand-over-nobody = There is no colleague who could take it.
merge = Merge
merge-into = Into which call
merge-means = Presses, devices and whoever was sent follow; this call ends with it.
merge-confirm = Merge now
merge-nothing = There is no other open call.
merged-into = Merged into another call: open it
reopen = Reopen
reopen-means = It is not over: the call rings again at every desk.
reopen-confirm = Reopen now
ask-feedback = Ask the elder
ask-by-call-back = By telephone
ask-by-link = Send a link
ask-by-device = On their device
asked-by-call-back = to be called back
asked-by-link = a link was sent
asked-by-device = asked on the device
enter = Enter a call by hand
enter-who = Who needs help
enter-search = Name, telephone or address
enter-none = Nobody found in the register: try other words, or choose the area below.
enter-stranger = Not in the register
enter-area = Where
enter-name = Name
enter-what = What has happened
enter-note = What is wrong, where, what help is wanted
enter-phone = Number they called from
enter-hold = Enter, I have it
enter-ring = Enter, ring the desks

## The page behind a link in a message

feedback-asks = Were you content with the help?
feedback-about = The call of { $time }
feedback-hint = One tap is enough. No sign-in.
feedback-thanks = Thank you, we have it.
feedback-help = Whenever you need help, press your button.
rating-words-5 = Very good
rating-words-4 = Good
rating-words-3 = Fair
rating-words-2 = Poor
rating-words-1 = Bad

## The demo county

demo-sign-ins = Demo sign-ins
demo-means = Made at random at the first start; they exist in the demo county only.
demo-who = Who
demo-operator = town operator
demo-clinic = clinic staff
demo-village-admin = village administrator
demo-county-admin = county administrator
demo-county-operator = county operator
demo-other = other
demo-press = Press a call button
demo-press-means = In another terminal:
demo-outbox = Demo outbox
demo-outbox-means = What would go to families, grid workers and doctors. In the demo it is shown here and never sent.
demo-outbox-to = To
demo-outbox-body = Text
demo-outbox-empty = No notice yet.

## What the program itself says: start, stop, command line

settings-wrong = The settings are wrong: { $mistakes }. See all with: { $xiangyin } settings
setting-address = must be an IP address of this machine; 0.0.0.0 for all of them
setting-url = must look like https://host or https://host:port
setting-public-plain = beyond this machine the desk is served with TLS only: https://…
setting-broker = must be auto, mosquitto, embedded, or a URL mqtts://host:8883
setting-broker-plain = a broker on another machine is reached with TLS only: mqtts://…
setting-database = must begin with sqlite:/// or postgresql+psycopg://
setting-tls-pair = XIANGYIN_TLS_CERT and XIANGYIN_TLS_KEY belong together: set both or none
setting-influx-bucket = XIANGYIN_INFLUX_URL needs XIANGYIN_INFLUX_BUCKET beside it
setting-ports-same = two listeners share one port ({ $ports }): give each its own
setting-whole-number = must be a whole number
setting-number = must be a number
setting-yes-no = must be true or false
setting-least = must not be less than { $limit }
setting-most = must not be more than { $limit }
setting-one-of = must be one of { $choices }
setting-pattern = must match { $pattern }
setting-value = is not a value for it
setting-unknown = { $name } is no setting and was passed over. Perhaps you mean: { $meant }
folder-unwritable = The data folder { $folder } cannot be written ({ $reason }). Change its rights, or name another with XIANGYIN_DATA_DIR.
disk-full = The disk is full: the data folder { $folder } takes nothing more ({ $reason }). Free some space and start again.
up-twice = Xiangyin runs on this data folder already (process { $pid }): { $folder }. Stop it, or name another folder with XIANGYIN_DATA_DIR.
port-taken = Port { NUMBER($port, useGrouping: 0) } of { $host } is taken by another program. Stop that program, or choose another port with { $variable }.
port-refused = Cannot listen at port { NUMBER($port, useGrouping: 0) } of { $host } ({ $reason }). Check XIANGYIN_BIND and { $variable }.
backup-made = { $file } holds everything ({ $megabytes } MB), also every key: keep it where only you can read it.
backup-postgresql = The database is not in it: it is in PostgreSQL. Back it up besides with pg_dump, a moment before this command.
backup-there = { $file } is there already and was left alone. Name a new file.
backup-inside = A backup does not belong into the data folder { $folder }: whatever destroys the one destroys the other. Name a file on another disk.
backup-database = { $file } cannot be copied ({ $reason }). Nothing was written; look further with: { $xiangyin } doctor
backup-broken = { $file } is no whole backup of Xiangyin ({ $reason }). Nothing was restored; take another one.
backup-newer = The backup was written by a newer version. Install that version to restore it; nothing was restored.
restore-made = { $folder } is filled. Start it as ever: { $xiangyin } up
restore-postgresql = The database is in PostgreSQL: bring it back with pg_restore before you start.
restore-not-empty = { $folder } is not empty, and nothing in it was touched. Name a new folder with XIANGYIN_DATA_DIR, or move the old one away.
restore-database-there = There is a database already ({ $file }), and nothing was touched. Move it away first.
restore-other-database = The backup and XIANGYIN_DATABASE_URL are not of one kind (SQLite, PostgreSQL). Set it as it was when the backup was made; nothing was restored.
database-lost = The database { $database } is missing or empty, but { $folder } was in use with one that held a county. Nothing was changed. Put it back, mount its disk, or mend XIANGYIN_DATABASE_URL; or fill an empty folder from a backup ({ $xiangyin } restore FILE). To begin anew, name a new folder with XIANGYIN_DATA_DIR, or remove this one.
data-newer = The data were written by a newer version ({ $revision }), which this one cannot read. Install the newer version, or name another folder with XIANGYIN_DATA_DIR.
up-unprepared = Cannot start: { $reason }
clock-wrong = This machine's clock says { NUMBER($year, useGrouping: 0) }, which is plainly wrong. Calls are answered all the same, schedules wait; please set the clock.
up-program-ended = { $program } ended ({ $how }) and starts again in { $pause } s.
up-program-hung = { $program } does not answer any more and is being started again.
up-program-again = { $program } runs again.
up-program-late = { $program } does not work yet. Why stands in { $log }; look further with: { $xiangyin } doctor
up-ended = Everything has stopped; the data are kept.
up-ready-demo =
    Xiangyin is ready after { $seconds } s (demo county 清溪县: all people and events in it are invented)
      desk      { $desk }
      sign-ins  { $logins }
      press     { $press }
      answer    sign in as operator, click “{ sound-turn-on }”, then “{ answer }”
      stop      Ctrl-C; the data stay, the next start goes on
      logs      { $logs }
up-ready =
    Xiangyin is ready after { $seconds } s
      desk      { $desk }
      sign-ins  { $program } user add --help
      devices   { $program } device add --help
      stop      Ctrl-C; the data stay, the next start goes on
      logs      { $logs }
press-received = { $device } pressed; the hub had it after { NUMBER($ms, useGrouping: 0) } ms, call { $call }.
press-noted = { $device } pressed; the hub had it after { NUMBER($ms, useGrouping: 0) } ms. It belongs to no call: recorded, and nobody is rung.
press-heard = The button says: { $words }
press-failed = { $device } cannot be pressed: { $reason }
press-unheard = { $device } was pressed and had no answer for { $seconds } s. See whether Xiangyin runs: { $xiangyin } doctor
press-unreachable = Xiangyin cannot be reached now (neither { $mqtt } nor { $http } answers); trying on for { $seconds } s… If it has not been started: { $xiangyin } up
data-missing = There are no data in { $folder } yet. Start once ({ $xiangyin } up), or name the right folder with XIANGYIN_DATA_DIR.
county-missing = There is no county yet. Add one: { $xiangyin } area add CODE NAME
device-removed = { $device } is out of service; its id is never given to another.
area-code = “{ $area }” is no area code: use the 12-digit statistical code.
area-name = Give the area a name of 1 to { NUMBER($limit, useGrouping: 0) } characters.
area-used = The area { $area } is there already.
user-password = Password of { $username } (shown this once): { $password }
user-disabled = { $username } is disabled.
user-enabled = { $username } is enabled again.
broker-folder = { $folder } is ready, with the accounts of { $devices } devices. Start it with: { $start }
press-no-device = The demo county in { $folder } has no button { $device }. The password of a real device is known to the device alone: press it there.
device-missing = There is no device { $device }, or it is out of service.

bench-unknown = There is no bench { $bench }, or the test environment is missing. Run make test first; { $xiangyin } bench lists them.
prove-not-here = Proofs run from a checkout with its test environment: run make test there first.
simulate-not-here = Simulations run from a checkout with its test environment: run make test there first.

## xiangyin doctor

doctor-python = Python { $version }
doctor-folder = { $folder } can be written.
doctor-disk = { NUMBER($free, useGrouping: 0) } MB free.
doctor-disk-low = Only { NUMBER($free, useGrouping: 0) } MB free. Make room: on a full disk calls are shown and cannot be stored.
doctor-clock = { $now }
doctor-files = Up to { NUMBER($limit, useGrouping: 0) } open files for each process.
doctor-files-few = Up to { NUMBER($limit, useGrouping: 0) } open files for each process are too few for many devices. Raise the limit (ulimit -n, LimitNOFILE of systemd) to { NUMBER($wanted, useGrouping: 0) } or more.
doctor-database = { $where } is whole and of this version.
doctor-database-none = { $where } is not there yet. The first start ({ $xiangyin } up) makes it.
doctor-database-away = { $where } cannot be reached: { $reason }. See whether the database runs and XIANGYIN_DATABASE_URL is right.
doctor-database-broken = { $where } is damaged ({ $reason }). Stop Xiangyin, keep a copy of the data folder, then go back to a backup.
doctor-database-other = { $where } has another structure than this version's. An older one is upgraded at the next start; for a newer one install the newer version.
doctor-hub-part = Running: { $name } is well ({ $detail }).
doctor-hub-part-down = Running: { $name } is not well ({ $detail }). The logs stand in the data folder under log.
doctor-ports = Xiangyin is not running, and its ports are free. Start it: { $xiangyin } up
doctor-hub-strange = Something answers at { $where }, but not as Xiangyin does (/readyz answers { $status }). Stop that program or choose another port with XIANGYIN_HTTP_PORT; if it is Xiangyin, see calls.log and start again.
doctor-hub-silent = Something holds the port at { $where } and does not answer /readyz. If it is Xiangyin, it may hang: see calls.log and start again.
doctor-certificate = { $file } is good until { $end }.
doctor-certificate-ends = { $file } is good until { $end }. One of the hub's own is renewed at the next start; replace one that you gave it.
doctor-broker-mosquitto = The mosquitto of this machine.
doctor-broker-embedded = The built-in broker is used, for demos and trials only. For real use install mosquitto (apt install mosquitto) and leave XIANGYIN_BROKER at auto.
doctor-broker-elsewhere = A broker elsewhere: { $url }
doctor-broker-rests = { $where } does not answer, as it should be while Xiangyin is not running.
doctor-broker-silent = { $where } does not answer. See broker.log; if it runs elsewhere, check address, firewall and XIANGYIN_BROKER.
doctor-role = The hub's account { $role } is let in.
doctor-role-refused = The hub's account { $role } is not let in ({ $reason }). Start again; for a broker elsewhere write the accounts anew with { $xiangyin } broker-config.
doctor-rights = Device { $device } hears its own messages alone.
doctor-rights-broken = Device { $device } hears what it must not ({ $topics }). Look at acl in the broker's folder and do not edit it; for a broker elsewhere write it anew with { $xiangyin } broker-config.
doctor-keys = Signing keys of rev { NUMBER($rev, useGrouping: 0) }, for this user alone, good until { $end }.
doctor-keys-end = Signing keys of rev { NUMBER($rev, useGrouping: 0) } end on { $end }. A signer that runs renews them by itself: see signer.log.
doctor-keys-none = There are no signing keys yet. The first start ({ $xiangyin } up) makes them.
doctor-keys-loose = Other users may open { $file }. Take the rights back (chmod go= { $file }); if it may have been read, run { $xiangyin } keys rotate, then revoke the old keys one by one.
doctor-ffmpeg = { $version }
doctor-ffmpeg-broken = ffmpeg does not work ({ $reason }). Install anew: remove .venv, then make run
doctor-voice = { $name } speaks.
doctor-voice-broken = The offline voice does not work ({ $reason }). Install anew: remove .venv, then make run
doctor-backup-none = No backup has been made yet: { $xiangyin } backup FILE, on another disk, every night.
doctor-backup-old = The last backup is { $days } days old: { $file }. Make one every night: { $xiangyin } backup FILE
doctor-backup = The last backup is { $days } days old: { $file }
doctor-failed = The check did not come to its end: { $reason }
doctor-sum = { $ok } well, { $warn } to look at, { $bad } to be put right.

## The signer

signer-away = The signer does not answer ({ $reason }). Commands wait and go out by themselves once it does. See signer.log in the data folder under log.
signer-never-ran = There are no signing keys yet ({ $file }). The first start ({ $xiangyin } up) makes them.
signer-keys-lost = The signing keys { $file } are missing or damaged. Loudspeakers obey these keys alone: restore the folder secrets from a backup. If there is none, move secrets and trust.json away, start again, and enrol every loudspeaker anew.
signer-twice = Another signer (process { $pid }) is at work in { $folder }.
signer-no-key = The key for { $use } has ended. Run { $xiangyin } keys rotate.
signer-key-unknown = There is no key { $kid }, or it is the root key, which cannot be revoked alone.
signer-clock = This machine's clock is wrong, and signed time would mislead the loudspeakers. Set the clock; if the time is right now and was wrong before, run { $xiangyin } keys rotate and start again.
signer-disk = The record of signatures cannot be written to the disk: only stops are signed now. Make room.
signer-rate = { $address } was sent { $limit } commands within a minute. Wait; this one goes out by itself.
signer-rate-all = { $limit } commands were signed within a minute. Wait; this one goes out by itself.
signer-type = "{ $type }" is no command that can be ordered.
signer-order-wrong = The order is wrong and was not signed: { $reason }
signer-order-changed = { $order } was the number of another command already.
signer-life = A life of { $seconds } s will not do: at least 1 s, at most { $limit } s.
signer-too-late = Order { $order } is out of date and was not signed.
keys-rotated = New keys (rev { NUMBER($rev, useGrouping: 0) }). They sign in an hour; the old ones end in a week.
keys-revoked = The key { $kid } has ended (rev { NUMBER($rev, useGrouping: 0) }). Loudspeakers that are online know within a minute, the others when they come back.
signer-two-people = What the whole county hears, emergencies and settings of many loudspeakers need a second person's approval.

## Broadcasts (Problem of broadcast/errors, and the interfaces)

broker-away = The broker does not answer ({ $reason }); commands wait and are sent as soon as it does.
broadcast-drill-said-first = Exercise, exercise, this is an exercise.
broadcasts-not-yours = Your account cannot broadcast; ask a village administrator, an operator or the county's administrator.
studio-away = The studio that makes speech is away just now; please try again later.
broadcast-text-empty = Please write what is to be said.
broadcast-text-unreadable = Nothing in this text can be read aloud; please write sentences.
broadcast-text-too-long = The text has { NUMBER($length, useGrouping: 0) } characters, which is too long; { NUMBER($limit, useGrouping: 0) } at most.
broadcast-text-broken = Character { NUMBER($at, useGrouping: 0) } is broken; please delete it and write it again.
broadcast-source = Please write a text, choose a recording or name a template: one of the three.
broadcast-template-unknown = There is no template { $template }.
broadcast-template-none = There are vars but no template to fill in; please name the template too.
broadcast-template-unfilled = These blanks are not filled in: { $unfilled }.
broadcast-template-unasked = The template has no such blanks: { $unasked }. It has: { $blanks }.
broadcast-template-value = "{ $blank }" is too long; at most { NUMBER($limit, useGrouping: 0) } characters.
broadcast-template-name = Please give the template a name of at most { NUMBER($limit, useGrouping: 0) } characters.
broadcast-template-blank = Blanks are written like {"{"}place{"}"}: names of at most { NUMBER($limit, useGrouping: 0) } characters, at most { NUMBER($most, useGrouping: 0) } of them, and braces in pairs.
template-unknown = There is no template { $template }.
template-there = There is a template { $template } already.
template-id = A template's id has lower-case letters, digits and -.
broadcast-title = The title may have { NUMBER($limit, useGrouping: 0) } characters in one line.
broadcast-recording-empty = The recording is empty; please upload it again.
broadcast-recording-too-large = The recording is too large; { $limit } MB at most.
broadcast-recording-not-audio = This file is no recording; please upload MP3, WAV, M4A, AMR, OGG or FLAC.
broadcast-recording-broken = The recording is damaged and cannot be played; please record it again.
broadcast-recording-too-short = The recording lasts { $seconds } s, which is too short; at least { $limit } s.
broadcast-recording-too-long = The recording is too long; { NUMBER($limit, useGrouping: 0) } s at most.
broadcast-recording-silent = There is no sound in the recording; please record it again.
broadcast-recording-unknown = There is no such recording; please upload it again.
broadcast-voice-unavailable = Speech cannot be made just now; please try again later, or use a recording.
broadcast-mastering-failed = The sound could not be finished; please try again.
broadcast-loudness-unreached = This sound cannot be brought to the right loudness; please use another recording.
broadcast-store-full = The disk is full and the sound cannot be kept; please ask the administrator to make room.
broadcast-store-unusable = The folder for sound cannot be written; please ask the administrator.
broadcast-audio-missing = There is no such audio.
broadcast-audio-damaged = The audio is damaged; please save the broadcast again.
broadcast-category-priority = Priorities from 224 belong to emergencies alone, and an emergency has no lower one.
broadcast-no-zones = Please choose where it is to be heard.
broadcast-zone-unknown = There is no area or group { $zone }.
broadcast-zone-silent = { $zone } has no loudspeaker in service: nobody would hear it.
broadcast-zone-not-yours = { $zone } is not in your area; you cannot broadcast there.
broadcast-time-past = That time is past; please choose a later one, or broadcast now.
broadcast-time-far = Please choose a time within { NUMBER($days, useGrouping: 0) } days.
broadcast-time-twice = Give either a time or a rule; from and until belong to a rule alone.
broadcast-time-local = Please write “{ $field }” as local time, such as 2026-12-01T07:30.
broadcast-time-zone = There is no time zone { $tz }.
broadcast-rule-wrong = This rule cannot be understood: { $rule }.
broadcast-rule-never = By this rule it will never be heard; please look at the dates.
broadcast-rule-often = That is too often: at least { NUMBER($minutes, useGrouping: 0) } minutes between two broadcasts.
broadcast-unknown = There is no such broadcast, or it is not in your area.
broadcast-changed = Somebody has just changed this broadcast; please look at it as it is now.
broadcast-wrong-state = The broadcast is { $state ->
    [preparing] being prepared
    [failed] not prepared
    [waiting_approval] waiting for approval
    [rejected] rejected
    [scheduled] scheduled
    [running] on air
    [done] over
    [stopped] stopped
    [cancelled] cancelled
   *[other] { $state }
}; this cannot be done now.
broadcast-on-air = The broadcast is on air; stop it first.
broadcast-not-prepared = Its sound is not ready yet; please wait a moment.
broadcast-same-person = Another person has to approve it; its author cannot.
broadcast-approver = An operator or administrator whose area holds all of these places has to approve it.
broadcast-no-loudspeaker = There is no loudspeaker { $device } in your area.
broadcast-run-unknown = There is no such run.
group-there = There is a group { $group } already.
group-unknown = There is no group { $group }.
group-id = A group's id begins with g-, then letters, digits and . _ -.
group-name = Please give the group a name of at most { NUMBER($limit, useGrouping: 0) } characters.
group-members = Please choose loudspeakers of this area; { $device } is none.

## Between the pages

nav = Pages
nav-desk = Duty desk
nav-broadcasts = Broadcasts
skip-to-content = Skip to the page
page-link-down-means = What this page shows may be out of date. Connecting again.

## Broadcasts

broadcasts-title = Broadcasts
broadcast-write = Write a broadcast
broadcast-state-preparing = Being made
broadcast-state-failed = Could not be made
broadcast-state-waiting-approval = Waits for approval
broadcast-state-rejected = Not agreed to
broadcast-state-scheduled = Scheduled
broadcast-state-running = On air
broadcast-state-done = Done
broadcast-state-unheard = Not played
broadcast-state-silent = No reports
broadcast-state-partly = Partly played
broadcast-state-stopped = Stopped
broadcast-state-cancelled = Taken back
category = Category
category-notice = Notice
category-service = Service
category-policy = Policy
category-fraud = Fraud
category-theft = Theft
category-fire = Fire
category-weather = Weather
category-emergency = Emergency
category-emergency-means = An emergency is played at full volume, interrupts all others, also at night, and needs a second person to agree.
list-and = {", "}
list-then = {"; "}

part-on-air = On air
part-approval = Wait for approval
part-coming = Coming
part-past = Past
none-coming = Nothing is coming.
none-past = Nothing has been broadcast yet.
older = Older
newest-first = Newest
next-at = next { $moment }
next-times = Next: { $moments }

count-targeted = targeted
count-ready = ready
count-playing = begun
count-played = played
count-heard = heard
count-failed = failed
coverage-says = { $played } of { $targeted } loudspeakers have played it
coverage-complete = All { $count } loudspeakers have played it.
missing-head = Not finished yet
missing-over = Not heard from
failed-head = Failed
none-runs = Not broadcast yet.
runs = Runs
run-state-planned = planned
run-state-sent = on air
run-state-done = over
run-state-skipped = skipped
run-state-stopped = stopped
run-skipped-late = Its time had passed; this run was left out.
run-skipped-silent = No loudspeaker in service there; this run was left out.
run-skipped-grown = Its groups have been enlarged and now reach the whole county, to which no second person has agreed; this run was left out.
broadcast-untitled = A recording
rehearsal-stop = Stop the rehearsal
rehearsal-on = Rehearsal on { $device }
receipt-ready = ready
receipt-playing = playing
receipt-played = played
receipt-heard = heard
receipt-preempted = interrupted by something more urgent
receipt-stopped = stopped
receipt-refused = refused
receipt-failed = failed
reason-bad-signature = wrong signature
reason-unknown-key = unknown signing key
reason-wrong-address = not addressed to it
reason-expired = came too late
reason-not-yet = not valid yet
reason-replayed = an old command
reason-limit = over its minutes of the day, or quiet hours
reason-no-clock = its clock is not set
reason-fetch-failed = could not fetch the sound
reason-hash-mismatch = fetched another sound
reason-unsupported = its model cannot do it
reason-busy = busy with something more urgent
part-refused = Commands refused in the last day
refused-by-signer = The signer did not sign it:
refused-by-device = { $device } did not do it:
reason-signer-two-people = another person has to agree
reason-signer-too-late = it was too late
reason-signer-order-wrong = the command is wrong
reason-signer-order-changed = its id was signed with other content
reason-signer-type = no command of ours
reason-signer-life = its life is out of bounds
reason-broken-off = it broke off while playing
reason-unsaid = gave no reason

stop = Stop
stop-means = All loudspeakers fall silent within two seconds. What is still to come is dropped.
stop-confirm = Stop it now
stop-all = Stop everything
stop-all-means = Everything on air in your area falls silent.
stop-all-confirm = Stop everything now
stopped-says = Stopped, { $count ->
    [0] nothing was sounding
    [one] { $count } run silenced
   *[other] { $count } runs silenced
}.
stopped-unsent = { $count ->
    [one] One place
   *[other] { $count } places
} cannot be told yet; trying again.
stopped-wider = { $count } runs go on: they were sent to a wider area. Ask whoever is responsible there.
stopped-unrecorded = The database is away; this will be written down later.
take-back = Take back
take-back-means = It will not be broadcast any more.
take-back-confirm = Take it back
change = Change
write-like = Write one like it
approve = Agree
reject = Do not agree
reject-why = What is to be changed
reject-confirm = Do not agree
approval-needed-emergency = An emergency needs a second person to agree. Please listen first.
approval-needed-county = A county-wide broadcast needs a second person to agree. Please listen first.
approval-by-other = { $level ->
    [county] Another operator of the county, or a county administrator, has to do that.
   *[other] Another operator of the town or the county, or a county administrator, has to do that.
}
prepare-failed = Could not be made:

sound = Sound
sound-says = { $seconds } s, said { $repeat } times
sound-length = { $seconds } s in all
voice-name-edge = voice online
voice-name-espeak = this machine's voice
rehearse = Try it
rehearse-means = On one loudspeaker alone, marked as a drill. The broadcast itself stays as it is.
rehearse-where = On which loudspeaker
rehearse-confirm = Play it there now
sound-passed-over = the voice online did not answer, this machine's own spoke
sound-preparing = The sound is being made
sound-none = No sound.
sound-stale = The words have changed. Please listen again.
words = Words
words-spoken = Read aloud as
words-spoken-means = what loudspeakers say; correct what is read wrongly
words-recording = An uploaded recording.
spoken-corrected = corrected
spoken-corrected-means = You corrected the reading, so it no longer follows the words.
spoken-again = Read anew
who = Who
written-by = Written
changed-by = Changed
approved-by = Agreed
priority = Priority
priority-usual = as the category
volume-says = volume { $volume }

step-words = What
step-listen = Listen
step-where = Where
step-when = When
source = Source
source-text = Text
source-recording = Recording
words-write = Write what is to be said. Write telephone numbers, money, dates and times as usual.
recording-choose = Choose a recording
recording-means = MP3, WAV, M4A, AMR, OGG or FLAC
recording-busy = Being sent and looked at…
recording-done = Can be used:
recording-kept = The recording is kept. Choose another one to replace it.
recording-missing = Choose a recording first.
listen = Listen
more-settings = More
templates-title = Templates
templates-mean = Warnings written beforehand. Blanks stand in braces and are filled in when a broadcast is written; all villages of the county use them.
templates-none = There are no templates yet.
template-new = New template
template-name = Name
template-text = Text
template-text-means = blanks are written like {"{"}place{"}"}
template-changed = changed by { $by }, { $at }
template-remove-means = Nobody can choose it any more; broadcasts that were written from it stay as they are.
template-choose = From a template
template-all = See all
template-none = In my own words
template-replace = Put the template's text in place of what you have written?
template-edited = You have changed the text; please go on in the text itself.
broadcast-title-field = Title
broadcast-title-means = the first words when left empty
repeat = Times
repeat-range = Between 1 and { $limit } times.
voice = Voice
voice-auto = As available
voice-local = This machine's own; the text stays here
priority-range = A priority is a number from 0 to 255, or left empty.
drill-means = A drill: says so first, and is marked everywhere
loudspeakers = { $count ->
    [0] no loudspeaker
    [one] { $count } loudspeaker
   *[other] { $count } loudspeakers
}
groups = Groups of loudspeakers
reach-says = { $count ->
    [0] No place chosen yet
    [one] Sounds on { $count } loudspeaker
   *[other] Sounds on { $count } loudspeakers
}
reach-needs-two = A second person has to agree
send-now = Broadcast now
send-later = Save for its time
send-approval = Ask for approval
form-wrong = { $count ->
    [one] One thing is to be mended
   *[other] { $count } things are to be mended
}, in red below. Nothing was broadcast.

when-now = Now
when-at = Once
when-daily = Every day
when-weekly = Every week
when-rule = Other rule
when-moment = Date and time
when-time = At
when-starts = From
when-until = Until
when-rule-field = RRULE
when-moment-missing = Choose date and time.
when-time-missing = Choose the time of day.
when-days-missing = Choose the days of the week.
when-date-wrong = Not a date. Choose it again.
when-says-now = At once
when-says-at = Once, { $moment }
when-says-daily = Every day at { $time }
when-says-weekly = Every { $days } at { $time }
when-says-rule = By the rule { $rule }, from { $time }
when-says-until = { $rule }, until { $date }
day = { $day }/{ $month }{ $year ->
    [same] {""}
   *[other] /{ $year }
}
moment = { $weekday } { $day }/{ $month }{ $year ->
    [same] {""}
   *[other] /{ $year }
} { $time }
weekday-mo = Mon
weekday-tu = Tue
weekday-we = Wed
weekday-th = Thu
weekday-fr = Fri
weekday-sa = Sat
weekday-su = Sun

## Pages of residents, areas and helpers

save = Save
saved = Saved.
remove = Remove
remove-confirm = Yes, remove
back-to-list = Back to the list
show-more = Show more
none-found = Nothing found. Look for something else.
none-yet = None yet.
choice-none = (none)
choice-unknown = unknown
all-areas = All areas
id-means = left empty, the hub gives one
code-means = the 12-digit statistical code
new-residents = New resident
new-areas = New area
new-people = New helper
new-clinics = New clinic
new-one = New
part-person = The resident
part-helpers = Family and helpers
contacts-means = in the order in which to call them; more empty lines come after saving
contact-relation = Relation
contact-name = Contact’s name
contact-phone = Contact’s telephone
devices-of = Devices in the household:
no-device = no device
search-residents = Name, telephone, address or id
residents-found = { $count ->
    [one] One household
   *[other] { $count } households
}
remove-means-residents = The resident leaves the list; what happened in earlier calls stays. Not possible while a device is in the household.
remove-means-areas = Possible only when no area, resident, person or device is in it.
remove-means-people = Possible only when no resident names them.
remove-means-clinics = Possible only when no resident or member of staff belongs to it.
level-county = county
level-town = town
level-village = village
level-grid = grid
column-level = Level
export = Export
file-xlsx = XLSX
file-csv = CSV
import = Import
import-residents = Import residents
import-areas = Import areas
import-people = Import helpers
import-clinics = Import clinics
import-file = Choose a file (CSV or XLSX)
import-check = Check the file
import-means = Titles in the first line, one entry in each line. An id that is there changes that entry, all others are new. The check changes nothing.
import-template = Download an empty table
import-busy = The file is being looked through, a moment…
import-columns = Columns there may be (* there must be)
import-right = The file is fine. It would make:
import-new = new
import-changed = changed
import-unchanged = as before
import-sample = The first few that are { $what }
import-confirm = Import { $count }
import-nothing = The file says what is there already; there is nothing to import.
import-done = Imported: { $added } new, { $changed } changed.
import-lines = Lines
import-column = Column
import-do = What to do
import-more-wrong = These lines are wrong as well. Mend what stands above, then check again.

## Pages of devices

device-presence = State
device-name = Device
device-where = Where
device-seen = Last heard
device-kind = Kind
device-button = call button
device-loudspeaker = loudspeaker
device-gateway = gateway
all-kinds = All kinds
all-presences = All states
search-devices = Device id, resident or model
presence-online = online
presence-late = late
presence-lost = lost
presence-never = never heard
since = since { $time }
minutes-many = { $count } min
device-state = Now
device-every = Promises to speak within
device-model-name = Model
device-firmware = Firmware
device-clock = Clock
device-clock-ok = right
device-clock-none = not set
device-clock-off = Its clock is off by about { $minutes } minutes; values of that time are not in the chart.
device-rejected = Values that made no sense
device-said = What it said last
device-said-nothing = No values yet.
device-presses = Last presses
device-presses-none = Never pressed.
via-http = by the second path
lasted = { $unit ->
    [days] { $days } d { $hours } h
    [hours] { $hours } h { $minutes } min
   *[minutes] { $minutes } min
}
metric-battery = Battery
metric-signal = Signal
metric-temperature = Temperature
metric-supply-v = Supply
metric-uptime-s = Running for
unit-battery = %
unit-signal = dBm
unit-temperature = °C
unit-supply-v = V
unit-uptime-s = s
span-day = Day
span-month = Month
chart-metric = What to draw
chart-span = How long
chart-means = The value over time
chart-none = No values in this time.
chart-away = The values cannot be read just now; this tries again by itself.
chart-least = Least
chart-most = Most

# --- who is called: plans, rosters, coverage ---
plan-name = Give the plan a name (at most { $limit } characters).
plan-length = A plan has 1 to { $limit } steps.
plan-start = The first step begins in the second of the press (0 s).
plan-nobody = Step { $step } ({ $after } s) calls nobody.
plan-whom = “{ $value }” in step { $step } is nobody whom a plan can call.
plan-all-first = The first step cannot call “everybody again”: nobody has been called yet.
plan-loop = Step { $step } ({ $after } s) comes before the one above it: the plan would run in a loop. Put the steps in the order of their times.
plan-close = Step { $step } follows the one before within { $seconds } s: the same person would be called twice at once.
plan-late = Step { $step } is too late: { $seconds } s at the latest.
plan-circle = Step { $step } repeats for ever, so the steps behind it never come. Only the last may repeat.
plan-no-end = Say how often the last step ({ $step }) is repeated until somebody answers; without it nobody would be called any more.
plan-again = The last step ({ $step }) is repeated every { $shortest } to { $longest } s.
plan-no-county = The plan must call the county center, so that somebody sees the call whichever town is empty.
plan-no-screen = The first step must ring where there is a screen: the town center, the clinic or the county center.
plan-area = Plans are for a county or a town; “{ $value }” is neither.
plan-there = { $area } has a plan already; change that one.
plan-unknown = There is no such plan: { $plan }.
rehearsal-where = Choose a resident or an area to rehearse for, one of the two.
roster-name = Give the roster a name (at most { $limit } characters).
roster-nobody = There is nobody on this roster. Write at least one shift with people.
roster-long = The roster is too long: at most { $shifts } shifts and { $changes } changes.
roster-change-time = Change { $change } must end after it begins, within 60 days.
roster-change-nobody = Change { $change } names nobody.
roster-place = There is no such place of duty: { $value }.
roster-there = This place has a roster already; change that one ({ $place }).
rosters-leaders = This roster is kept by those who lead its shifts and by the county's administrators.
roster-unknown = There is no such roster: { $roster }.
roster-leader = { $value } cannot be duty leader: there is no such account, or it is disabled.
roster-stranger = { $value } does not belong to this place.
shift-name = Shift { $shift } needs a name (at most { $limit } characters).
shift-nobody = Shift { $shift } has nobody (at most { $limit } people).
shift-length = Shift { $shift } lasts between 1 minute and { $hours } hours.
shift-phone = “{ $value }”, the leader's telephone in shift { $shift }, is no telephone number.
shift-zone = There is no time zone “{ $value }” (shift { $shift }).
shift-start = “{ $value }” is no start for shift { $shift }; write it like 2026-11-01T08:00.
shift-rule = “{ $value }” is no rule for shift { $shift }, or never comes.

# --- pages of who is called: coverage, rosters, plans ---
nav-duty = Duty
nav-coverage = Coverage
nav-rosters = Rosters
nav-policies = Call plans
seconds = s
coverage-look = Show
coverage-villages = Villages with nobody tonight
coverage-villages-fine = Every village has somebody of its town center or a clinic on duty tonight.
coverage-desks = Desks that could not ring now
coverage-desks-fine = Every center and clinic has a screen open that may sound.
coverage-staff = { $duty } should be on duty, { $staff } belong here
coverage-rosters = Rosters of the next seven days
coverage-rosters-fine = No gaps in the next seven days, and nobody is in two places at once.
coverage-gaps = nobody on duty:
coverage-double = in two places at once:
coverage-more = and { $count } more
coverage-residents = Residents who lack something
coverage-residents-fine = All { $total } residents have a clinic, a contact, a grid worker and a device that works.
coverage-lacks = Lacks
lacks-clinic = no clinic
lacks-contact = no contact's telephone
lacks-grid-worker = no grid worker's telephone
lacks-device = no device
lacks-lost = device lost
policies-mean = While nobody answers, people are called in this order. A town may have a plan of its own; without one the county's holds.
policy-new = New plan
policy-built-in = Built-in plan
policy-built-in-means = wherever no plan was written
policy-version = version { $version } · { $by } · { $at }
policy-version-short = version { $version }
policy-after = { $seconds } s
policy-every = then every { $seconds } s until somebody answers
policy-remove-means = The plan of the area above holds here again. Calls that are open keep theirs.
policy-for = For
policy-name = Name
policy-steps = Steps (seconds after the press; leave unused rows empty)
policy-step = Step { $number }
policy-step-after = Step { $number }: after how many seconds
policy-every-before = The last step is repeated every
policy-every-after = s until somebody answers
policy-every-label = Repeat the last step every (seconds)
policy-versions = Earlier versions
plan-time = “{ $value }” is no number of seconds.
whom-town = town center
whom-clinic = clinic
whom-town-loud = every screen of the town, louder
whom-county = county center
whom-grid-worker = grid worker
whom-doctor = village doctor
whom-leader = duty leader
whom-contact = first contact
whom-contacts = all contacts
whom-all = everybody again
missed-none = there is none
missed-dark = no screen open
missed-no-phone = no telephone
helper-grid-worker = Grid worker
helper-doctor = Village doctor
helper-leader = Duty leader
helper-contact = Contact
rehearse-who = Resident
rehearse-who-means = name or id; empty: by area
rehearse-at = When
rehearse-go = Rehearse
rehearsed-now = With the screens that are open now.
rehearsed-by-roster = Nobody knows yet which screens will be open then: who is on duty by the rosters counts as there.
rehearsed-when = After the press
rehearsed-rung = Rings at
rehearsed-told = Told by telephone
rehearsed-missed = Cannot be reached
rehearsed-loud = louder
rehearsed-skipped = skipped, the next comes at once
rehearsal-nobody = Nobody is called “{ $who }”.
rehearsal-several = Several are called “{ $who }”; give the id.
rehearsal-time = Choose a time.
rosters-mean = Where there is no roster everybody counts as on duty. ● is a screen that is open.
roster-change = Change
roster-write = Write a roster
roster-on-now = On duty now:
roster-nobody-now = Nobody is on duty now
roster-nobody-then = nobody
roster-leads = Duty leader:
roster-none = No roster: all { $staff } count as on duty.
roster-remove-means = Without it everybody here counts as on duty.
roster-name-label = Name
roster-shifts = Shifts
roster-shift = Shift { $number }
roster-shift-name = Name of the shift
roster-begins = From
roster-ends = To
roster-rule = Rule
roster-people = People
roster-leader-label = Duty leader
roster-phone = Leader's telephone
roster-changes = Swaps, leave, stand-ins
roster-changes-mean = from, to, who is away, who comes; the second alone: one more
roster-shift-more = One more shift (leave empty if not needed)
roster-leads-short = led by
roster-change-from = from
roster-change-to = to
roster-change-away = who is away
roster-change-comes = who comes
roster-change-away-none = (nobody is away)
roster-change-comes-none = (nobody comes)
roster-change-since = Change { $number } from
roster-change-until = Change { $number } to
roster-change-out = Change { $number }: who is away
roster-change-into = Change { $number }: who comes
shift-times = Shift { $shift } needs its days of the week and its hours.
rehearsal-title = Rehearsal
rehearsal-means = worked out on paper; nobody is called
rehearsal-area = Area
