"""Generated texts, words and rows for metric_peers.py. A seed gives the same ones with one version of Python."""

import sys
import unicodedata

WORDS = {
    "english": "the a an cat dogs running ran quickly nation national nationalization happiness hopeful relational "
               "adjustment an't isn't e.g. U.S. 3-mal 1,000.50 2016. (see below) \"quoted\" it's generalization skies "
               "dying agreed controlled falling &quot;yes&quot; A&amp;B a<b &lt;br&gt; <skipped> co-operate well- $5 50%",
    "german": "der die das Straße Mädchen überfährt Öl ÄRGER fährt, Haus. „Ja“ sagte (mit Hut) größer: STRASSE ẞ 3,5",
    "korean": "고양이가 매트 위에 앉았다. 나는 어제 영화를 봤다 서울 시청에서 재미있는 책을 읽고 있습니다! 그리고, 2016년 "
              "안녕하세요? 한국어는 ㅋㅋㅋ 가나다 \u1100\u1161\u11a8 (괄호) 1,000원 무엇을",
    "scripts": "日本語 中文。 「引用」 العربية؟ עברית ΟΔΟΣ Σίσυφος ΑΣ'Α İstanbul ı Кириллица हिन्दी। ไทย 𐐀𐐁 ﬁne Ⅷ ½ x² ٣٫٥",
    "odd": "😀 👩\u200d👩\u200d👧 🇰🇷 e\u0301 a\u0301 the\u0301 \u200b \ufeff \u00ad … — – ‘a’ “b” ´ ` ^ ~ _ __ {x} [y] |z| \\ / @ # €5 ©"
           " \x00 \x7f \ufffd \U0010ffff \ue000 ＡＢＣ １，０００ ． ， ー",
}
SPACES = [" "] * 30 + ["  ", "\t", "\n", "-\n", "\r\n", "\x0b", "\x1c", "\x1f", "\x85", "\xa0", "\u2003", "\u2028", "\u3000"]
STEMS = ("relat hop hopp fall siz fil agre plaster happ enjo sk fl controll operat vietnam gener radic digit conform "
         "analog predic feudal decis call formal sensit triplic form electr good reviv allow infer air gyroscop "
         "irrit replac adjust depend adopt homolog commun activ angular effect bowdler prob ceas rol geo archaeo "
         "y yy o a ab 2 x9 tr syzyg").split()
SUFFIXES = ("s es ies ied sses ss ed ing eed ational tional enci anci izer bli alli entli eli ousli ization ation ator "
            "alism iveness fulness ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful ness al "
            "ance ence er ic able ible ant ement ment ent ion sion tion ou ism ate iti ous ive ize e ll y ly ying at "
            "bl iz").split()
REFERENCE_COUNTS = [1] * 6 + [2, 2, 3, 4]


def words(random, count):
    """Stems with one to three suffixes each, and the irregular words of Porter's stemmer."""
    known = "sky skies dying lying tying news innings inning outings outing cannings canning howe proceed exceed succeed"
    made = ["".join([random.choice(STEMS)] + random.choices(SUFFIXES, k=random.randint(0, 3))) for _ in range(count)]
    return known.split() + made


def text(random, style, longest=30):
    """A text of a style of WORDS, or of a mixture; a tenth are empty or very short."""
    length = 0 if random.random() < 0.04 else random.randint(1, 3 if random.random() < 0.1 else longest)
    pool = WORDS[style].split() if style in WORDS else " ".join(WORDS.values()).split()
    parts = []
    for _ in range(length):
        parts.append(random.choice(pool))
        parts.append(random.choice(SPACES) if random.random() < 0.3 else " ")
    return "".join(parts if random.random() < 0.2 else parts[:-1])


def edited(random, source):
    """A text with words removed, repeated, replaced, exchanged or in another case, as a model's output has."""
    parts = source.split(" ")
    for _ in range(random.randint(0, 1 + len(parts) // 3)):
        place = random.randrange(len(parts))
        match random.randint(0, 5):
            case 0:
                parts[place] = ""
            case 1:
                parts.insert(place, parts[place])
            case 2:
                parts[place] = random.choice(WORDS[random.choice(list(WORDS))].split())
            case 3:
                other = random.randrange(len(parts))
                parts[place], parts[other] = parts[other], parts[place]
            case 4:
                parts[place] = random.choice([str.upper, str.lower, str.title])(parts[place])
            case _:
                parts[place] = parts[place][:-1]
    return " ".join(parts)


def corpus(random, rows, style=None, references=None):
    """Texts and the references of each; the number of references is constant or varies."""
    style = style or random.choice([*WORDS, "mixed"])
    constant = references or random.choice(REFERENCE_COUNTS + [0])
    texts, expected = [], []
    for _ in range(rows):
        first = text(random, style)
        count = constant or random.choice(REFERENCE_COUNTS)
        expected.append([first] + [edited(random, first) if random.random() < 0.7 else text(random, style)
                                   for _ in range(count - 1)])
        random.shuffle(expected[-1])
        texts.append(edited(random, first) if random.random() < 0.85 else text(random, style))
    return texts, expected


def characters():
    """All assigned characters outside of CJK and Hangul blocks and private use, 64 to a text, between letters."""
    assigned = [chr(point) for point in range(sys.maxunicode + 1)
                if unicodedata.category(chr(point)) not in ("Cn", "Cs", "Co")
                and not unicodedata.name(chr(point), "").startswith(("CJK UNIFIED", "HANGUL SYLLABLE", "TANGUT", "NUSHU"))]
    return ["".join(f"a{one}1{one}Σ" for one in assigned[at:at + 64]) for at in range(0, len(assigned), 64)]


def labels(random, classes, rows):
    """True and predicted classes with a bias to the right one; some corpora lack classes."""
    present = random.sample(range(classes), random.randint(1, classes))
    true = [random.choice(present) for _ in range(rows)]
    predicted = [one if random.random() < 0.6 else random.randrange(classes) for one in true]
    return true, predicted


def probabilities(random, true, classes):
    """Rows of probabilities that sum to 1; many are equal, some are 0 or 1."""
    result = []
    for label in true:
        weights = [random.choice([0, 1, 1, 2, 5, random.random()]) for _ in range(classes)]
        weights[label] += random.choice([0, 1, 3])
        total = sum(weights)
        result.append([weight / total for weight in weights] if total else [1 / classes] * classes)
    return result
