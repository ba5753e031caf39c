"""Names of the demo's people: common given and family names, each with the Latin letters of an e-mail address."""

from dataclasses import dataclass
from random import Random
from typing import Literal

Culture = Literal["fa", "ar", "zh", "latin"]

CULTURES: tuple[tuple[Culture, float], ...] = (("fa", 0.84), ("ar", 0.07), ("zh", 0.04), ("latin", 0.05))

_PERSIAN_WOMEN = (
    "مریم maryam, زهرا zahra, فاطمه fatemeh, سارا sara, نرگس narges, الهام elham, نسرین nasrin, شیرین shirin, "
    "مینا mina, پریسا parisa, نگار negar, مهسا mahsa, لیلا leila, آزاده azadeh, سمیرا samira, فرزانه farzaneh, "
    "بهاره bahareh, گلناز golnaz, هما homa, شقایق shaghayegh, رویا roya, نازنین nazanin, مهناز mahnaz, "
    "پریناز parinaz, ژاله zhaleh, چکاوک chakavak, سپیده sepideh, آیدا aida, یاسمن yasaman, طاهره tahereh, "
    "منیژه manijeh, ترانه taraneh, کتایون katayoun, ندا neda, ساناز sanaz, الناز elnaz, مرجان marjan, "
    "سودابه soudabeh, فریبا fariba, گیتی giti"
)
_PERSIAN_MEN = (
    "محمد mohammad, علی ali, رضا reza, حسین hossein, مهدی mehdi, امیر amir, سعید saeed, حمید hamid, مجید majid, "
    "علی‌رضا alireza, محمدرضا mohammadreza, امیرحسین amirhossein, بهرام bahram, فرهاد farhad, کاوه kaveh, "
    "آرش arash, سیاوش siavash, پویا pouya, نیما nima, بابک babak, شهرام shahram, کامران kamran, هومن houman, "
    "پیمان peyman, سینا sina, احسان ehsan, میلاد milad, یاشار yashar, جواد javad, داریوش dariush, "
    "ژوبین zhoubin, چنگیز changiz, گودرز goudarz, منوچهر manouchehr, اردشیر ardeshir, رامین ramin, "
    "بهزاد behzad, مسعود masoud, ناصر naser, کیان kian"
)
_PERSIAN_FAMILIES = (
    "محمدی mohammadi, حسینی hosseini, احمدی ahmadi, رضایی rezaei, کریمی karimi, موسوی mousavi, جعفری jafari, "
    "قاسمی ghasemi, رحیمی rahimi, صادقی sadeghi, نوری nouri, اکبری akbari, هاشمی hashemi, مرادی moradi, "
    "یوسفی yousefi, امینی amini, شریفی sharifi, سلطانی soltani, کاظمی kazemi, ابراهیمی ebrahimi, "
    "فرهادی farhadi, زارعی zarei, طاهری taheri, بهرامی bahrami, نجفی najafi, صالحی salehi, عباسی abbasi, "
    "باقری bagheri, شجاعی shojaei, کیانی kiani, پارسا parsa, تهرانی tehrani, اصفهانی esfahani, شیرازی shirazi, "
    "تبریزی tabrizi, یزدانی yazdani, گنجی ganji, چراغی cheraghi, پناهی panahi, ژیانی zhiani, بختیاری bakhtiari, "
    "دهقان dehghan, کاشانی kashani, قربانی ghorbani, میرزایی mirzaei, جهانگیری jahangiri, خسروی khosravi, "
    "فروغی foroughi, عطایی ataei, سهرابی sohrabi, نیک‌پور nikpour, پورمحمد pourmohammad, رستگار rastegar, "
    "آذری azari, وحیدی vahidi, مقدم moghaddam, شاکری shakeri, بیات bayat, افشار afshar, لطفی lotfi"
)
_ARABIC_WOMEN = (
    "فاطمة fatima, مريم maryam, نور nour, هدى huda, سلمى salma, ريم reem, أمل amal, دينا dina, رنا rana, لمى lama, "
    "آلاء alaa, ياسمين yasmin, خديجة khadija, إيمان iman"
)
_ARABIC_MEN = (
    "أحمد ahmad, محمود mahmoud, خالد khalid, عبد الله abdullah, يوسف yousef, عمر omar, إبراهيم ibrahim, حسن hassan, "
    "عبد الرحمن abdulrahman, طارق tariq, سامي sami, زياد ziad, فيصل faisal, مصطفى mustafa"
)
_ARABIC_FAMILIES = (
    "الحسيني alhusseini, الموسوي almousawi, العبيدي alobaidi, الجبوري aljubouri, الخطيب alkhatib, حداد haddad, "
    "النجار alnajjar, الزيدي alzaidi, التميمي altamimi, القيسي alqaisi, البصري albasri, السعدي alsaadi, "
    "الهاشمي alhashimi, الأنصاري alansari, الكعبي alkaabi, الراوي alrawi"
)
_CHINESE_GIVEN = (
    "伟 wei, 芳 fang, 娜 na, 敏 min, 静 jing, 丽 li, 强 qiang, 磊 lei, 洋 yang, 艳 yan, 杰 jie, 秀英 xiuying, "
    "晓明 xiaoming, 雨桐 yutong, 浩然 haoran, 子涵 zihan, 思远 siyuan, 佳怡 jiayi, 志强 zhiqiang, 美玲 meiling"
)
_CHINESE_FAMILIES = (
    "王 wang, 李 li, 张 zhang, 刘 liu, 陈 chen, 杨 yang, 赵 zhao, 黄 huang, 周 zhou, 吴 wu, 徐 xu, 孙 sun, "
    "马 ma, 朱 zhu, 胡 hu, 林 lin, 何 he, 单 shan, 曾 zeng, 解 xie"
)
_LATIN_GIVEN = (
    "Anna anna, Thomas thomas, Julia julia, Marco marco, Elena elena, David david, Sophie sophie, Lucas lucas, "
    "Ani ani, Artur artur, Narine narine, Vahan vahan, Olga olga, Ivan ivan, Emma emma, Peter peter, "
    "Zoë zoe, José jose, Ingrid ingrid, Björn bjorn"
)
_LATIN_FAMILIES = (
    "Petrosyan petrosyan, Hakobyan hakobyan, Sarkissian sarkissian, Müller mueller, Schmidt schmidt, "
    "Rossi rossi, Martin martin, Dubois dubois, Novak novak, Ivanova ivanova, Nielsen nielsen, Smith smith, "
    "Brown brown, García garcia, Fernández fernandez, O'Connor oconnor, Van Dijk vandijk, Kowalska kowalska, "
    "Öztürk ozturk, Lindström lindstrom"
)


@dataclass(frozen=True)
class Name:
    """A full name in its own order and script, and its Latin letters."""

    culture: Culture
    full: str
    latin: str
    woman: bool | None


def _split(text: str) -> list[tuple[str, str]]:
    """(name, Latin letters) of each entry; a name may be of two words."""
    pairs = [entry.strip().rpartition(" ") for entry in text.split(",")]
    return [(name, latin) for name, _blank, latin in pairs]


_GIVEN = {
    ("fa", True): _split(_PERSIAN_WOMEN),
    ("fa", False): _split(_PERSIAN_MEN),
    ("ar", True): _split(_ARABIC_WOMEN),
    ("ar", False): _split(_ARABIC_MEN),
}
_OTHER_GIVEN = {"zh": _split(_CHINESE_GIVEN), "latin": _split(_LATIN_GIVEN)}
_FAMILIES = {
    "fa": _split(_PERSIAN_FAMILIES),
    "ar": _split(_ARABIC_FAMILIES),
    "zh": _split(_CHINESE_FAMILIES),
    "latin": _split(_LATIN_FAMILIES),
}


def draw_name(random: Random) -> Name:
    """Somebody's name."""
    cultures, weights = zip(*CULTURES, strict=True)
    culture: Culture = random.choices(cultures, weights)[0]
    woman = random.random() < 0.52 if culture in ("fa", "ar") else None
    given = _OTHER_GIVEN[culture] if woman is None else _GIVEN[culture, woman]
    # The first names of each list are the common ones.
    first, first_latin = given[int(random.random() ** 1.4 * len(given))]
    last, last_latin = _FAMILIES[culture][int(random.random() ** 1.3 * len(_FAMILIES[culture]))]
    full = last + first if culture == "zh" else f"{first} {last}"
    return Name(culture, full, f"{first_latin}.{last_latin}", woman)
