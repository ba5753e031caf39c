"""What the demo business sells: a coffee roastery with gear, sweets and gifts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """A product; `base_price` in toman at the start of the story, `weight` how often it is taken within its line."""

    code: str
    name: str
    line: str
    base_price: int
    weight: float


BEANS, GROUND, CAPSULES = "دانهٔ قهوه", "قهوهٔ آسیاب‌شده", "کپسول"
DRINKS, GEAR, GIFTS = "نوشیدنی و شیرینی", "ابزار دم‌آوری", "هدیه"

PRODUCTS = (
    Product("B-101", "دان اتیوپی یرگاچف ۲۵۰ گرم", BEANS, 420_000, 9),
    Product("B-102", "دان کلمبیا سوپریمو ۲۵۰ گرم", BEANS, 380_000, 10),
    Product("B-103", "دان برزیل سانتوس ۲۵۰ گرم", BEANS, 320_000, 12),
    Product("B-104", "دان ترکیبی خانه ۱ کیلوگرم", BEANS, 1_150_000, 7),
    Product("B-105", "دان کنیا AA ۲۵۰ گرم", BEANS, 510_000, 4),
    Product("G-201", "آسیاب فرانسه ۲۵۰ گرم", GROUND, 350_000, 9),
    Product("G-202", "آسیاب موکاپات ۲۵۰ گرم", GROUND, 345_000, 8),
    Product("G-203", "قهوهٔ ترک کلاسیک ۲۰۰ گرم", GROUND, 260_000, 12),
    Product("G-204", "قهوهٔ ترک هل‌دار ۲۰۰ گرم", GROUND, 285_000, 6),
    Product("C-301", "کپسول اسپرسو ۱۰ عددی", CAPSULES, 290_000, 12),
    Product("C-302", "کپسول لونگو ۱۰ عددی", CAPSULES, 290_000, 8),
    Product("C-303", "کپسول بدون کافئین ۱۰ عددی", CAPSULES, 310_000, 4),
    Product("D-401", "اسپرسو", DRINKS, 65_000, 14),
    Product("D-402", "لاته", DRINKS, 95_000, 14),
    Product("D-403", "قهوهٔ دمی", DRINKS, 90_000, 8),
    Product("D-404", "کیک گردو و دارچین", DRINKS, 85_000, 9),
    Product("D-405", "کوکی شکلاتی", DRINKS, 55_000, 8),
    Product("D-406", "چای ماسالا", DRINKS, 80_000, 5),
    Product("T-501", "فرنچ‌پرس ۶۰۰ میلی‌لیتر", GEAR, 890_000, 5),
    Product("T-502", "آسیاب دستی", GEAR, 1_650_000, 3),
    Product("T-503", "قهوه‌ساز موکاپات سه‌نفره", GEAR, 1_100_000, 4),
    Product("T-504", "کاغذ صافی ۱۰۰ برگی", GEAR, 180_000, 9),
    Product("H-601", "جعبهٔ هدیهٔ سه قهوه", GIFTS, 1_250_000, 6),
    Product("H-602", "کارت هدیه", GIFTS, 500_000, 4),
    Product("H-603", "سبد شب یلدا", GIFTS, 1_900_000, 2),
)

# Prices rise by so much from one month to the next.
INFLATION_A_MONTH = 0.025
ROUNDED_TO = 1_000


def get_price(base_price: int, months: int) -> int:
    """A price in toman after so many months of the story."""
    return round(base_price * (1 + INFLATION_A_MONTH) ** months / ROUNDED_TO) * ROUNDED_TO


def list_products(line: str) -> list[Product]:
    """The products of a line."""
    return [product for product in PRODUCTS if product.line == line]
