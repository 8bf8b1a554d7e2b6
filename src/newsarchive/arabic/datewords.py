"""The words of Arabic date lines, folded: months, weekdays, zones, labels, and words after which nothing is certain."""

from __future__ import annotations


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


def _numbered(names: list[str]) -> dict[str, int]:
    return {name.replace("_", " "): number for number, line in enumerate(names) for name in line.split()}


# International, Levantine and Iraqi, Maghrebi, English; index 0 stands empty.
MONTHS = _numbered(
    [
        "",
        "يناير كانون_الثاني كانون_ثاني كانون_ثان جانفي january jan",
        "فبراير شباط فيفري february feb",
        "مارس اذار march mar",
        "ابريل نيسان افريل april apr",
        "مايو ايار ماي مايس may",
        "يونيو يونيه حزيران جوان june jun",
        "يوليو يوليه تموز جويليه يوليوز july jul",
        "اغسطس اب اوت غشت اغشت august aug",
        "سبتمبر ايلول شتنبر september sept sep",
        "اكتوبر تشرين_الاول تشرين_اول october oct",
        "نوفمبر تشرين_الثاني تشرين_ثاني تشرين_ثان نونبر november nov",
        "ديسمبر كانون_الاول كانون_اول دجنبر december dec",
    ]
)

HIJRI_MONTHS = (
    "محرم|صفر|ربيع (?:ال)?(?:اول|اخر|ثاني)|جماد[يا] (?:ال)?(?:اولي|اول|اخره|اخر|ثانيه|ثاني)|رجب|شعبان|رمضان|شوال"
    "|ذ[وي] ?(?:ال)?قعده|ذ[وي] ?(?:ال)?حجه"
)

# As datetime.weekday() counts them.
WEEKDAYS = _numbered(
    [
        "الاثنين اثنين monday mon",
        "الثلاثاء الثلاثا ثلاثاء tuesday tues tue",
        "الاربعاء الاربعا اربعاء wednesday wed",
        "الخميس خميس thursday thurs thu",
        "الجمعه جمعه friday fri",
        "السبت سبت saturday sat",
        "الاحد احد sunday sun",
    ]
)

# Words that may stand around a date and do not change it.
LABELS = _words(
    "اخر تحديث تاريخ النشر نشر نشرت بتاريخ تم يوم في من عند علي الساعه ساعه الموافق كتب حرر اضيف"
    " published updated on at date posted last update modified the of"
)

# Words that make something else of the day beside them: a bound, a range, another calendar, a year not named.
SPOILERS = _words(
    "قبل بعد منذ حتي الي لغايه بين خلال منتصف مطلع اوايل اواخر نهايه بدايه غدا امس مضت مضي ه هجري هجريه ق الماضي"
    " الماضيه الجاري الجاريه الحالي المقبل المقبله القادم القادمه المنصرم الفايت غير"
)
# Words that make something else of a time, standing apart from it: which half of the day, which zone.
SPOILERS_OF_TIME = _words(
    "ص م صباحا صباح مساء ظهرا الظهر عصرا فجرا ليلا بتوقيت بالتوقيت توقيت التوقيت غرينتش جرينتش غرينيتش جرينيتش ت غ"
)

# IANA zones by the place after «بتوقيت».
PLACES = {
    "دمشق": "Asia/Damascus",
    "سوريا": "Asia/Damascus",
    "بيروت": "Asia/Beirut",
    "لبنان": "Asia/Beirut",
    "بغداد": "Asia/Baghdad",
    "العراق": "Asia/Baghdad",
    "القدس": "Asia/Jerusalem",
    "القاهره": "Africa/Cairo",
    "مصر": "Africa/Cairo",
    "مكه": "Asia/Riyadh",
    "مكه المكرمه": "Asia/Riyadh",
    "الرياض": "Asia/Riyadh",
    "السعوديه": "Asia/Riyadh",
    "الدوحه": "Asia/Qatar",
    "قطر": "Asia/Qatar",
    "الكويت": "Asia/Kuwait",
    "الامارات": "Asia/Dubai",
    "ابوظبي": "Asia/Dubai",
    "ابو ظبي": "Asia/Dubai",
    "دبي": "Asia/Dubai",
    "موسكو": "Europe/Moscow",
    "اسطنبول": "Europe/Istanbul",
    "تونس": "Africa/Tunis",
    "الجزاير": "Africa/Algiers",
}

# Hours east of Greenwich of the zone names in RFC 822 (section 5).
ZONE_NAMES = {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}

NUMBERS = {
    "ثلاث": 3,
    "ثلاثه": 3,
    "اربع": 4,
    "اربعه": 4,
    "خمس": 5,
    "خمسه": 5,
    "ست": 6,
    "سته": 6,
    "سبع": 7,
    "سبعه": 7,
    "ثماني": 8,
    "ثمان": 8,
    "ثمانيه": 8,
    "تسع": 9,
    "تسعه": 9,
    "عشر": 10,
    "عشره": 10,
}

# Seconds of a unit, and how many of it the word means by itself; 0 where a number must precede.
UNITS = {
    "ثانيه": (1, 1),
    "ثانيتين": (1, 2),
    "ثوان": (1, 0),
    "ثواني": (1, 0),
    "دقيقه": (60, 1),
    "دقيقتين": (60, 2),
    "دقايق": (60, 0),
    "ساعه": (3_600, 1),
    "ساعتين": (3_600, 2),
    "ساعات": (3_600, 0),
    "يوم": (86_400, 1),
    "يوما": (86_400, 0),
    "يومين": (86_400, 2),
    "ايام": (86_400, 0),
    "اسبوع": (604_800, 1),
    "اسبوعا": (604_800, 0),
    "اسبوعين": (604_800, 2),
    "اسابيع": (604_800, 0),
}
