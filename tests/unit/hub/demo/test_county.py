"""清溪县 is whole, plausible, and nobody's: codes that are not allotted, telephones that nobody has."""

import re
from collections import Counter

from devices.ids import UNALLOTTED_PROVINCE, AreaLevel, area_level, check_device_id, parent_of
from hub.demo.county import read_county, read_households
from hub.demo.secrets import device_ids
from hub.domain.people import Role

UNALLOTTED_TELEPHONE = re.compile(r"154\d{8}")


def test_it_has_two_towns_six_villages_forty_elders_and_twelve_loudspeakers() -> None:
    county = read_county()

    assert len(county.towns) == 2
    assert len(list(county.villages())) == 6
    assert len(read_households()) == 40
    assert [len(village.loudspeakers) for village in county.villages()] == [2] * 6


def test_its_codes_stand_on_a_province_number_that_is_not_allotted() -> None:
    areas = list(read_county().areas())

    assert all(area.code.startswith(UNALLOTTED_PROVINCE) for area in areas)
    assert [(area.level, area.parent) for area in areas] == [
        (area_level(area.code).value, parent_of(area.code)) for area in areas
    ]
    assert all(area.lat and area.lon for area in areas)


def test_town_and_village_digits_are_what_the_statistics_bureau_gives() -> None:
    levels = {area_level(area.code): area.code for area in read_county().areas()}
    assert set(levels) == {AreaLevel.COUNTY, AreaLevel.TOWN, AreaLevel.VILLAGE}
    for town in read_county().towns:
        kind = int(town.code[6:9])
        assert (100 <= kind < 200) == town.name.endswith("镇")
        assert (200 <= kind < 400) == town.name.endswith("乡")
        for village in town.villages:
            assert (int(village.code[9:]) >= 200) == village.name.endswith("村")


def test_every_elder_has_what_a_responder_needs() -> None:
    county = read_county()
    clinics = {clinic.id for clinic in county.clinics()}
    for household in read_households():
        elder = household.resident
        assert elder.address, elder.id
        assert elder.way_in, elder.id
        assert elder.landmark, elder.id
        assert elder.conditions, elder.id
        assert elder.clinic in clinics, elder.id
        assert elder.born is not None
        assert 1925 <= elder.born <= 1955, elder.id
        assert elder.sex in {"女", "男"}, elder.id
        assert household.contacts, elder.id


def test_an_elder_lives_in_the_village_and_near_its_middle() -> None:
    villages = {village.code: village for village in read_county().villages()}
    for household in read_households():
        elder, village = household.resident, villages[household.resident.area]
        assert elder.address.startswith(village.name)
        assert elder.lat is not None
        assert elder.lon is not None
        assert abs(elder.lat - village.lat) < 0.01, elder.id
        assert abs(elder.lon - village.lon) < 0.01, elder.id


def test_no_two_elders_or_users_share_a_name() -> None:
    names = [household.resident.name for household in read_households()]
    names += [member.who.name for member in read_county().members()]
    names += [person.name for person in read_county().people()]

    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_nobody_can_be_called_by_its_telephone_numbers() -> None:
    numbers = [clinic.phone for clinic in read_county().clinics()]
    numbers += [person.phone for person in read_county().people()]
    numbers += [leader.phone for leader in read_county().leaders()]
    for household in read_households():
        numbers += [household.resident.phone, *(contact.phone for contact in household.contacts)]

    assert [number for number in numbers if not UNALLOTTED_TELEPHONE.fullmatch(number)] == []
    assert [number for number, count in Counter(numbers).items() if count > 1] == []


def test_devices_have_names_that_are_allowed_and_say_nobody() -> None:
    ids = device_ids()

    assert len(set(ids)) == 52
    assert [device for device in ids if not check_device_id(device).isascii()] == []


def test_every_center_clinic_and_village_has_somebody_who_signs_in() -> None:
    county = read_county()
    places = Counter((member.role, member.area) for member in county.members())

    assert places[Role.COUNTY_ADMIN, county.county.code] == 1
    assert places[Role.OPERATOR, county.county.code] == 3 + 3
    for town in county.towns:
        assert places[Role.OPERATOR, town.code] == 2 + 2
        assert places[Role.CLINIC, town.code] == len(town.clinic.shifts) + 1
    for village in county.villages():
        assert places[Role.VILLAGE_ADMIN, village.code] == 1
