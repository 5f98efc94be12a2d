"""Words by which a change speaks to whoever reviews it, in small letters. Every gap has a bound: time is linear."""

import re
from dataclasses import dataclass

_THIS = (
    r"(?:this|the|these)(?: (?:whole|entire|attached|following|above|below))?"
    r" (?:pr|pull request|merge request|mr|changes?|changeset|diff|patch|commits?|code|file|function)\b"
)
_OBJECT = (
    rf"(?:{_THIS}|(?:this|it|everything)\b"
    r"(?= ?(?:$|[.!,;:)*]|now\b|and\b|without\b|regardless\b|immediately\b|as\b|-->)))"
)
_MACHINE = (
    r"(?:(?:ai|llm|gpt|automated|automatic|machine|bot|agentic|language.model)[- ]?(?:based |powered )?(?:code )?"
    r"(?:reviewers?|review (?:bots?|agents?|tools?|systems?|assistants?)|agents?|assistants?|models?|bots?)"
    r"|review(?:er)? ?(?:bots?|agents?|models?|ais?)|llms?|language models?"
    r"|ais?(?= (?:reviewing|that reviews?|who reviews?|must|should))"
    r"|(?:agents?|models?|assistants?) (?:reviewing|that reviews?|who reviews?) this"
    r"|(?:note|message|instructions?|attention|notice)(?: for| to)? (?:the |all |any )?(?:ais?|bots?|agents?)\b"
    r"|@?quorum|@?copilot|@?coderabbit(?:ai)?|claude|chatgpt|gemini)"
)
_MACHINE_KIND = (
    r"(?:ai|llm|language model|large language model|automated|agent|bot|model|assistant|code reviewer|reviewer)"
)
_ANYBODY = rf"(?:{_MACHINE}|(?:dear |hey |hi |hello )?(?:all )?(?:code )?reviewers?|whoever reviews(?: this)?)"
_MUST = r"(?:must|should|shall|have to|has to|need to|needs to|are to|is to|will|can|may|please|kindly|just|[:,-])"
_AGREE = r"(?:approve|accept|pass|lgtm|sign off(?: on)?|wave through|rubber[- ]?stamp|allow|trust|merge)"
_SILENT = (
    r"(?:(?:do|must|should|need|shall) ?n[o']t|never|refrain from|avoid|skip|ignore|overlook|disregard)"
    r" ?(?:(?:to )?(?:flag|report|mention|raise|comment on|block|review|check|question|reject|flagging|reporting"
    r"|reviewing))?"
)
_DOUBTS = (
    rf"(?:{_THIS}|any (?:issues?|findings?|problems?|vulnerabilit(?:y|ies)|errors?|faults?)\b"
    r"(?= ?(?:$|[.!,;)]|in\b|with\b|about\b|here\b))"
    r"|(?:all|the) (?:issues|findings|problems|vulnerabilities) (?:here|below|in|of) )"
)
_START = (
    r"(?:^|(?<=[.!?:;>*#/-] )|(?<=[.!?>]))"
    r"(?:please |now |you must |you should |kindly |just |simply |so |and |then ){0,3}"
)
_ALL = r"(?:all |any |every |the |your |of |my ){0,4}"
_END = r"(?= ?(?:$|[.!,;:)*]|-->|and\b|then\b|instead\b|below\b|above\b|you\b))"
_WHO_APPROVED = (
    r"(?:security|maintainers?|owners?|legal|compliance|management|the (?:lead|cto|ciso|team|owner|admins?)|admins?)"
)
_CLAIM = (
    r"(?:(?:pre-?|already |been ){0,3}(?:approved|cleared|signed off|audited|reviewed|vetted)(?: on)?"
    rf" by (?:the |our |an )?{_WHO_APPROVED}"
    r"|(?:already|been) (?:pre-?)?(?:approved|signed off|cleared|vetted)|pre-?approved)"
)
_NO_REVIEW = (
    r"(?:no (?:further |more |additional )?review(?: is)? (?:needed|required|necessary)"
    r"|(?:no need|not necessary) to review|do(?: not|n't) review|skip (?:the |your |this )?review|safe to merge)"
)
_NOT_IF = r"(?! (?:automatically|if|when|only|unless|once|after|via|by|with|from|using|on|to|is|was|button)\b)"
_TURN = (
    r"(?:<\|(?:im_start|system|assistant|endoftext|im_end)\|>|\[/?inst\]|<</?sys>>"
    r"|</?(?:system|untrusted-[0-9a-f]{4,32})>|^(?:system|assistant)(?: message| prompt)?:)"
)


@dataclass(frozen=True)
class Words:
    """`strong`: they name a machine that reviews and this change, and mean it even where they stand within quotes."""

    pattern: re.Pattern[str]
    because: str
    strong: bool = False


def _words(pattern: str, because: str, *, strong: bool = False) -> Words:
    return Words(re.compile(pattern), because, strong)


SAID = (
    _words(
        rf"\b{_MACHINE}\b[^.!?]{{0,60}}?{_MUST} (?:[a-z]+ ){{0,3}}?{_AGREE} (?:and (?:merge|pass|approve) )?{_OBJECT}",
        "it tells a machine that reviews to let this change pass",
        strong=True,
    ),
    _words(
        rf"\b{_MACHINE}\b[^.!?]{{0,60}}?(?:{_MUST} )?{_SILENT} {_DOUBTS}",
        "it tells a machine that reviews what not to say of this change",
        strong=True,
    ),
    _words(
        rf"\bif you(?: are|'re) an? {_MACHINE_KIND}\b[^.!?]{{0,60}}?"
        rf"(?:{_AGREE} {_OBJECT}|{_SILENT} {_DOUBTS}"
        r"|(?:respond|reply|say|report|answer|output|state)\b[^.!?]{0,40}?"
        r"\b(?:no issues|no findings|lgtm|approved?|safe)\b)",
        "it tells a machine that reviews what to say",
        strong=True,
    ),
    _words(
        r"\bplease approve (?:this|it)\b(?= ?(?:$|[.!,;:)*]|-->|now\b|and\b|as\b|quickly\b|asap\b))",
        "it asks for the approval of this change",
    ),
    _words(
        rf"\b{_ANYBODY}\b ?[:,-] ?(?:[^.!?]{{0,40}} )?{_AGREE} (?:and (?:merge|approve) )?{_OBJECT}",
        "it tells whoever reviews to let this change pass",
    ),
    _words(
        rf"\b{_ANYBODY}\b[^.!?]{{0,60}}{_CLAIM}"
        rf"|(?:{_CLAIM}|\b{_WHO_APPROVED}(?: team)? (?:has |have )?(?:signed off|approved|cleared)\b)[^!?]{{0,80}}"
        rf"(?:{_NO_REVIEW}|{_SILENT} {_DOUBTS})",
        "it claims an approval that only the reviews of this change can give",
    ),
    _words(
        rf"{_START}approve (?:and merge )?(?:this|the) (?:pr|pull request|merge request)\b{_NOT_IF}",
        "it asks for the approval of this change",
    ),
    _words(
        rf"{_START}(?:ignore|disregard|forget|override) {_ALL}"
        r"(?:(?:previous|prior|above|earlier|preceding|system|existing|other)(?: (?:system|developer|review))?"
        r" (?:instructions?|prompts?|rules|guidelines|directives)"
        r"(?: (?:you (?:were|have been) given|given to you))?|everything you (?:were|have been) told(?: before)?)"
        rf"{_END}",
        "it tells whoever reads it to drop the instructions that it was given",
    ),
    _words(
        rf"{_START}(?:(?:respond|reply|answer|finish|end)(?: only)? with|output only)"
        rf" [\"'`]?(?:lgtm|approved?|no (?:issues|findings))\b[^.!?]{{0,40}}(?:$|[.!]|{_THIS})"
        r"|\byour (?:verdict|review|answer|response) (?:must|should|has to) be [\"'`]?(?:approved?|lgtm|positive)",
        "it dictates what a review has to say",
    ),
    _words(
        rf"{_TURN}[^\n]{{0,160}}?\b"
        r"(?:approve[ds]?|lgtm|no (?:issues|findings|problems)|verdict|reviewers?|safe to merge"
        r"|previous instructions)\b",
        "it poses as a turn of the conversation in which a model reviews",
    ),
    _words(
        r"(?:^|(?<=[ >(]))@quorum[ ,:]+(?:override|approve|dismiss|merge|land|ignore|resolve|lgtm|skip|pass)\b",
        "it is a command to Quorum, and files give none",
    ),
)
HINTS = (
    "approv", "lgtm", "disregard", "forget", "override", "reviewe", "review bot", "review agent", "vetted", "cleared",
    "signed off", "audited", "quorum", "ignore ", "agent", "assistant", "llm", "model", "ai ", " ai", "bot", "claude",
    "gpt", "gemini", "copilot", "coderabbit", "review tool", "review system", "no issues", "no findings", "verdict",
    "|>", "[inst]", "sys>>", "untrusted-", "system", "whoever reviews", "review ai", "your review", "your answer",
    "your response",
)  # fmt: skip
"""Without one of these none of the patterns can be found."""
REPORTED = re.compile(
    r"\b(?:e\.g\.|for example|example|such as|inject\w*|attack\w*|malicious\w*|payload|adversar\w*|jailbreak\w*"
    r"|attempts?|phrases?|detect\w*|refus\w*|untrusted|pleas?\b|says|saying|said|tells|telling|tries|trying|writes|wrote"
    r"|texts? like|words? like|looks? like|strings? like)"
)
"""Words of somebody who speaks about such words."""
