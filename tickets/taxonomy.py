"""The categories a desk begins with; each organisation edits its own."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.categories import Category


def default_categories() -> list[Category]:
    """New rows of the categories that every desk begins with; nothing is stored, and they can be used as they are."""
    rows = _defaults()
    for row in rows:
        row.active = True
        row.impact, row.urgency, row.group_key = row.impact or "normal", row.urgency or "normal", row.group_key or ""
        row.words, row.intents, row.nodes = row.words or {}, row.intents or [], row.nodes or []
    return rows


def _defaults() -> list[Category]:
    return [
        Category(
            key="complaint",
            title={"en": "Complaint", "zh": "投诉"},
            words={
                "en": ["complaint", "complain", "damaged", "broken", "rude", "refund", "compensation", "crushed"],
                "zh": ["投诉", "损坏", "破损", "态度", "赔偿", "退款", "摔", "压坏", "差评"],
            },
            intents=["complain", "complaint"],
            nodes=["complaint"],
            impact="normal",
            urgency="high",
            group_key="complaints",
            position=10,
        ),
        Category(
            key="delivery",
            title={"en": "Delivery", "zh": "派送"},
            words={
                "en": ["parcel", "delivery", "delivered", "tracking number", "lost", "missing", "not arrived", "late"],
                "zh": ["快递", "包裹", "派送", "单号", "没收到", "丢失", "丢了", "签收", "物流", "超时"],
            },
            intents=["track", "tracking"],
            group_key="service",
            position=20,
        ),
        Category(
            key="collection",
            title={"en": "Collection", "zh": "上门取件"},
            words={
                "en": ["collection", "collect", "pick up", "send a parcel", "ship"],
                "zh": ["取件", "寄件", "寄快递", "上门", "下单"],
            },
            intents=["collect"],
            group_key="dispatch",
            position=30,
        ),
        Category(
            key="fault",
            title={"en": "Technical fault", "zh": "技术故障"},
            words={
                "en": ["does not work", "error", "outage", "no power", "locker does not open", "app crashes"],
                "zh": ["故障", "打不开", "停电", "坏了", "登录不了", "闪退"],
            },
            nodes=["outage"],
            impact="high",
            group_key="service",
            position=40,
        ),
        Category(
            key="question",
            title={"en": "Question", "zh": "咨询"},
            words={
                "en": ["question", "how much", "price", "opening hours", "how long"],
                "zh": ["咨询", "请问", "多少钱", "几点", "多久"],
            },
            intents=["question"],
            urgency="low",
            group_key="service",
            position=50,
        ),
        Category(key="other", title={"en": "Other", "zh": "其他"}, position=1000),
    ]


def ensure_defaults(session: Session, *, demo: bool = False) -> int:
    """Add the default categories that are missing; gives how many were added. Existing ones are left as they are."""
    known = set(session.scalars(select(Category.key)))
    missing = [category for category in default_categories() if category.key not in known]
    for category in missing:
        category.demo = demo
    session.add_all(missing)
    session.flush()
    return len(missing)
