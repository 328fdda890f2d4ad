"""Frames for one watcher alone, and agents' frames that carry their sender's number."""

from look_people import SNAPSHOT, frame, mirrored, stamp, unstamped, window

from running import Running

ADDRESSED = 32


def test_an_addressed_frame_reaches_its_watcher_and_nobody_else(desk: Running) -> None:
    with mirrored(desk) as (_, _, look, visitor, sanne):
        daan = window(desk, desk.agent(desk.cast.stroom, "daan"), look)
        number = visitor.until("joined")["watcher"]
        visitor.send(stamp(frame(b"for Daan", flags=SNAPSHOT), number))
        visitor.send(stamp(frame(b"for nobody"), (number + 1) % (1 << 32)))
        visitor.send(frame(b"for both", seq=2))
        assert daan.frames(2) == [
            stamp(frame(b"for Daan", flags=SNAPSHOT), number),
            frame(b"for both", seq=2),
        ]
        assert sanne.frames(1) == [frame(b"for both", seq=2)]
        daan.cut()


def test_two_windows_of_one_agent_have_two_numbers_and_neither_is_nobodys(desk: Running) -> None:
    with mirrored(desk) as (_, sanne, look, visitor, one):
        other = window(desk, sanne, look)
        number = visitor.until("joined")["watcher"]
        one.send(frame(b"one", to="visitor"))
        other.send(frame(b"other", to="visitor"))
        numbers = dict(map(unstamped_text, visitor.frames(2)))
        assert numbers[b"other"] == number
        assert numbers[b"one"] not in (0, number)
        other.cut()


def unstamped_text(told: bytes) -> tuple[bytes, int]:
    plain, number = unstamped(told)
    return plain[12:], number


def test_an_agent_cannot_send_under_the_number_of_another(desk: Running) -> None:
    with mirrored(desk) as (_, _, _, visitor, agent):
        agent.send(stamp(frame(b"forged", to="visitor"), 5))
        assert agent.end() == 4400
        assert [one for one in visitor.quiet() if isinstance(one, bytes)] == []


def test_an_address_without_a_payload_behind_it_is_no_frame(desk: Running) -> None:
    with mirrored(desk) as (_, _, _, visitor, _):
        visitor.send(stamp(frame(b"", flags=0), 5))
        assert visitor.end() == 4400
