"""Template tags and filters available in every template."""

import functools
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from checks.words import duration
from controller.wording import moments
from controller.wording.words import Audience, count, words

register = template.Library()

_STATIC = Path(__file__).parents[1] / "static"


@functools.cache
def _address(path: str) -> str:
    """A static file's address with its content's hash, so that browsers may keep it for long."""
    digest = hashlib.sha256((_STATIC / path).read_bytes()).hexdigest()[:12]
    return f"{static(path)}?v={digest}"


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file. Raises FileNotFoundError for a file that is not there."""
    return _address(path)


@register.simple_tag
@functools.cache
def icon(name: str, extra: str = "") -> SafeString:
    """An icon; it repeats what words beside it say, so screen readers skip it. Names are ours, so
    few are remembered."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra,
        _address("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def mark() -> SafeString:
    """Caretaker's own sign: a lantern."""
    return format_html(
        '<svg class="ct-mark" aria-hidden="true" focusable="false">'
        '<use href="{}#mark"></use></svg>',
        _address("caretaker/mark.svg"),
    )


@register.simple_tag(takes_context=True)
def word(context: Context, term: str) -> str:
    """A term as this reader says it (S38)."""
    audience: Audience = context.get("audience") or "everyone"
    return words().terms[term][audience]


@register.simple_tag(takes_context=True)
def when(context: Context, epoch: int | None, never: str = "never") -> SafeString | str:
    """A moment in words, with the exact time for machines and on hover."""
    return never if epoch is None else _time(context, epoch, moments.when)


@register.simple_tag(takes_context=True)
def on_day(context: Context, epoch: int | None, never: str = "never") -> SafeString | str:
    """A day in words."""
    return never if epoch is None else _time(context, epoch, moments.day)


@register.simple_tag(takes_context=True)
def today(context: Context) -> str:
    """Today at the school, in full."""
    return moments.long_date(context["now"], context["timezone"])


@register.simple_tag(takes_context=True)
def on_date(context: Context, epoch: int) -> SafeString:
    """A day with its year, for what is read on paper years later."""
    return _time(context, epoch, lambda at, _now, zone: moments.long_date(at, zone))


@register.simple_tag(takes_context=True)
def on_moment(context: Context, epoch: int) -> SafeString:
    """The same with the time, where a day may hold several."""
    return _time(context, epoch, lambda at, _now, zone: moments.long_moment(at, zone))


@register.filter
def grouped(number: int) -> str:
    """`110,000`."""
    return f"{number:,}"


@register.filter
def many(number: int, names: str) -> str:
    """`{{ n|many:"computer,computers" }}`."""
    one, more = names.split(",")
    return count(number, one, more)


@register.filter
def seconds(milliseconds: int) -> str:
    """`0.4`, of milliseconds."""
    return f"{milliseconds / 1000:,.1f}"


@register.filter
def lasting(seconds: int) -> str:
    """A length of time in words: `3 days`."""
    return duration(seconds)


@register.filter
def of(key: str, mapping: Mapping[str, Any]) -> Any:
    """`{{ row.profile|of:words.profiles }}`: the word for a key, or the key itself."""
    return mapping.get(key, key)


def _time(context: Context, epoch: int, say: Any) -> SafeString:
    zone = context["timezone"]
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moments.exact(epoch, zone),
        f"{moments.local(epoch, zone):%d %B %Y, %H:%M}",
        say(epoch, context["now"], zone),
    )


@register.filter
def coded(text: str) -> SafeString:
    """Text of ours whose words in backticks are names of files, keys and commands."""
    return format_html_join(
        "",
        "{}{}",
        (
            (format_html("<code>{}</code>", piece) if odd % 2 else piece, "")
            for odd, piece in enumerate(text.split("`"))
        ),
    )
