"""The words of Arabic date lines, folded: months, weekdays, zones, labels, and words after which nothing is certain."""

from __future__ import annotations


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


def _numbered(names: list[str]) -> dict[str, int]:
    return {name.replace("_", " "): number for number, line in enumerate(names) for name in line.split()}


# International, Levantine and Iraqi, Maghrebi, Urdu, the Gregorian ones of Persian, English; index 0 stands empty.
MONTHS = _numbered(
    [
        "",
        "يناير كانون_الثاني كانون_ثاني كانون_ثان ك2 جانفي جنوري زانويه january jan",
        "فبراير شباط فيفري فروري فوريه february feb",
        "مارس اذار مارج march mar",
        "ابريل نيسان افريل اوريل april apr",
        "مايو ايار ماي مايس ميي مه may",
        "يونيو يونيه حزيران جوان جون زوين june jun",
        "يوليو يوليه تموز جويليه يوليوز جولايي زوييه july jul",
        "اغسطس اب اوت غشت اغشت اكست august aug",
        "سبتمبر ايلول شتنبر ستمبر سبتامبر september sept sep",
        "اكتوبر تشرين_الاول تشرين_اول ت1 اكتبر october oct",
        "نوفمبر تشرين_الثاني تشرين_ثاني تشرين_ثان ت2 نونبر نومبر نوامبر november nov",
        "ديسمبر كانون_الاول كانون_اول ك1 دجنبر دسمبر دسامبر december dec",
    ]
)

HIJRI_MONTHS = _numbered(
    [
        "",
        "محرم المحرم",
        "صفر",
        "ربيع_الاول ربيع_اول",
        "ربيع_الاخر ربيع_الثاني ربيع_اخر ربيع_ثاني",
        "جمادي_الاولي جمادي_الاول جمادي_اولي جمادي_اول جمادا_الاولي",
        "جمادي_الاخره جمادي_الثانيه جمادي_الاخر جمادي_الثاني جمادي_ثاني جمادي_اخر جمادا_الاخره",
        "رجب",
        "شعبان",
        "رمضان",
        "شوال",
        "ذو_القعده ذي_القعده ذوالقعده ذيالقعده ذو_قعده ذي_قعده",
        "ذو_الحجه ذي_الحجه ذوالحجه ذيالحجه ذو_حجه ذي_حجه",
    ]
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
    "اخر تحديث تاريخ النشر نشر نشرت منشور بتاريخ تم يوم في من عند علي الساعه ساعه الموافق كتب حرر اضيف"
    " published updated on at date posted last update modified the of"
)

# Words that make something else of the day beside them: a bound, a range, another calendar, a year not named, an event.
SPOILERS = _words(
    "قبل بعد منذ حتي الي لغايه بين خلال منتصف مطلع اوايل اواخر نهايه بدايه غدا امس مضت مضي ه هجري هجريه ق الماضي"
    " الماضيه الجاري الجاريه الحالي المقبل المقبله القادم القادمه المنصرم الفايت غير"
    " موعد موعدها موعده ذكري الذكري جري جرت حدث وقع وقعت مواليد ولد توفي انعقاد"
)
# Words that make something else of a time, standing apart from it: which half of the day, which zone.
SPOILERS_OF_TIME = _words(
    "ص م صباحا صباح مساء ظهرا الظهر عصرا فجرا ليلا بتوقيت بالتوقيت توقيت التوقيت غرينتش جرينتش غرينيتش جرينيتش ت غ"
)

# What is counted beside a date: readers, comments, minutes of reading, the issue.
COUNTED = (
    "مشاهد(?:ه|ات)|قراء(?:ه|ات)|زيار(?:ه|ات)|تعليق(?:ات)?|مشارك(?:ه|ات)|اعجاب(?:ات)?|كلم(?:ه|ات)|عدد|رقم|كود"
    "|views?|comments?|reads?|shares?"
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
    "ث": (1, 0),
    "د": (60, 0),
    "س": (3_600, 0),
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
