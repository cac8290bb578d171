"""The internal page of components: each one in every state, with words as they are really used.

The samples stand here and not in the catalogues: they are pictures of the house, not its text, and
hold no number that could belong to somebody.
"""

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.blocks import StreamValue

from campaigns.blocks import BodyBlock
from districts.channel_view import ChannelView
from districts.models import District

DRAWINGS = ("houses", "hands", "path", "schoolyard", "cloth", "phone", "listening", "mat")
ICONS = (
    "phone",
    "chat",
    "exit",
    "clock",
    "pin",
    "check",
    "warning",
    "calendar",
    "arrow",
    "print",
    "language",
    "person",
    "school",
    "house",
    "find",
)
COLOURS = (
    "paper",
    "sheet",
    "sand",
    "tint",
    "flat",
    "line",
    "edge",
    "soft",
    "ink",
    "deep",
    "danger",
)


def _channel(label: str, **fields: Any) -> ChannelView:
    texts = ("organisation", "display", "href", "hours_text", "state_text", "cost_text", "note")
    return ChannelView(
        **dict.fromkeys(texts, "")
        | {
            "id": 0,
            "label": label,
            "verified": True,
            "verified_text": "Diperiksa 12 November 2025",
            "overdue": False,
            "emergency": False,
            "issues": frozenset(),
            "region_code": "",
            "distance": 0,
            "position": 0,
            "changes_at": None,
        }
        | fields
    )


CHANNELS = [
    _channel(
        "Nomor darurat",
        organisation="Sebuah layanan nasional",
        kind="phone",
        display="000",
        href="#contoh-telepon",
        state="always",
        state_text="24 jam, setiap hari",
        cost_text="Gratis",
        emergency=True,
    ),
    _channel(
        "Kantor kami",
        organisation="Dinas Sosial dan Perlindungan Anak",
        kind="phone",
        display="000 0000",
        href="#contoh-telepon",
        state="open",
        state_text="Buka sekarang, sampai 15.00 WIB",
        hours_text="Senin–Jumat, 08.00–15.00 WIB",
        cost_text="Tarif telepon biasa",
    ),
    _channel(
        "Tulis pesan",
        organisation="Unit Pelaksana Teknis Daerah Perlindungan Perempuan dan Anak",
        kind="whatsapp",
        display="0000-0000-0000",
        href="#contoh-pesan",
        state="closed",
        state_text="Tutup, buka Senin pukul 08.00 WITA",
        hours_text="Senin–Jumat, 08.00–16.00 WITA",
    ),
    _channel(
        "Saluran lama yang tetap kami tampilkan",
        kind="phone",
        display="000",
        href="#contoh-telepon",
        state="always",
        state_text="24 jam, setiap hari",
        overdue=True,
        emergency=True,
        verified_text="Terakhir diperiksa 3 Maret 2025",
    ),
    _channel(
        "Puskesmas kecamatan",
        organisation="Dinas Kesehatan",
        kind="phone",
        display="nomor belum diisi",
        state="unknown",
        state_text="Jam buka belum diketahui",
        verified=False,
        verified_text="Contoh – belum diverifikasi",
    ),
    _channel(
        "Datang langsung",
        kind="address",
        display="Aula kantor kecamatan, di sebelah balai desa",
        state="open",
        state_text="Buka sekarang, sampai 15.00 WITA",
        note="Bawa siapa pun yang membuat Anda tenang.",
    ),
    _channel(
        "Laporkan isi internet yang berbahaya",
        kind="web",
        display="situs pengaduan",
        href="#contoh-situs",
        state="always",
        state_text="24 jam, setiap hari",
    ),
]

BODY = [
    {
        "type": "paragraph",
        "value": "<h2>Siapa yang bisa saya hubungi?</h2><p>Anda tidak perlu bukti untuk bertanya. "
        "Cukup ceritakan apa yang Anda lihat atau dengar. <b>Nama Anda dirahasiakan</b>, dan Anda "
        "boleh tidak menyebutkannya.</p><ul><li>Tetangga boleh melapor.</li><li>Guru boleh "
        "melapor.</li><li>Anak boleh menelepon sendiri.</li></ul>",
    },
    {
        "type": "steps",
        "value": {
            "title": "Ketika seorang anak bercerita",
            "items": [
                {
                    "title": "Dengarkan",
                    "text": "<p>Duduk sejajar. Jangan menyela, jangan bertanya mengapa.</p>",
                },
                {
                    "title": "Percaya",
                    "text": "<p>Katakan: “Terima kasih sudah bercerita. Ini bukan salahmu.”</p>",
                },
                {
                    "title": "Hubungkan",
                    "text": "<p>Telepon bersama-sama, pada hari itu juga.</p>",
                },
            ],
        },
    },
    {
        "type": "do_dont",
        "value": {
            "do": ["Tetap tenang dan bicara pelan", "Tanyakan apa yang ia butuhkan sekarang"],
            "dont": ["Berjanji akan merahasiakan semuanya", "Mempertemukan anak dengan pelaku"],
        },
    },
    {
        "type": "callout",
        "value": {
            "tone": "calm",
            "title": "Tidak perlu bukti",
            "text": "<p>Petugas yang menilai, bukan Anda. Keraguan pun boleh ditanyakan.</p>",
        },
    },
    {
        "type": "callout",
        "value": {
            "tone": "info",
            "title": "Siapa yang membaca ini?",
            "text": "<p>Halaman ini ditulis untuk orang tua, guru, dan kader PKK.</p>",
        },
    },
    {
        "type": "callout",
        "value": {
            "tone": "urgent",
            "title": "Ada yang terluka?",
            "text": "<p>Telepon nomor darurat lebih dulu. Yang lain bisa menunggu.</p>",
        },
    },
    {
        "type": "quote",
        "value": {
            "text": "Saya tidak bertanya apa-apa dulu. Saya menyeduh teh, lalu menunggu.",
            "role": "Kader PKK di sebuah desa",
        },
    },
    {
        "type": "links",
        "value": {
            "title": "Baca juga",
            "items": [
                {"text": "Bercanda atau merundung?", "url": "https://example.org/"},
                {"text": "Rumah tanpa bentakan", "url": "https://example.org/"},
            ],
        },
    },
]
CARDS = {
    "type": "cards",
    "value": {
        "title": "Kartu untuk dipotong",
        "items": [
            {"title": "Tenang", "text": "Kapan Anda merasa tenang?", "drawing": "hands"},
            {"title": "Ragu", "text": "Kepada siapa Anda bertanya?", "drawing": "path"},
            {"title": "Sesudah ini", "text": "Siapa yang Anda hubungi hari ini?", "drawing": ""},
        ],
    },
}


class SampleForm(forms.Form):
    """A form in its three states: untouched, helped, and with a fault."""

    office = forms.CharField(label="Nama kelompok", help_text="Seperti tertulis di surat tugas.")
    people = forms.IntegerField(label="Berapa orang yang datang?", min_value=0)
    area = forms.ChoiceField(
        label="Kecamatan", choices=[("", "Pilih kecamatan"), ("a", "Penajam"), ("b", "Sepaku")]
    )
    note = forms.CharField(label="Catatan", widget=forms.Textarea(attrs={"rows": 3}))
    agree = forms.BooleanField(label="Saya sudah membaca aturan foto anak")


def samples() -> dict[str, Any]:
    """Everything the page shows."""
    filled = SampleForm({"office": "Dasawisma Melati 3", "people": "-2", "area": "a", "note": ""})
    filled.is_valid()
    return {
        "cloths": District.Cloth.choices,
        "drawings": DRAWINGS,
        "icons": ICONS,
        "colours": COLOURS,
        "channels": CHANNELS,
        "body": StreamValue(BodyBlock(), [*BODY, CARDS], is_lazy=True),
        "form": SampleForm(),
        "filled": filled,
        "day": date(2025, 11, 25),
        "last_day": date(2025, 12, 10),
        "sample_tags": ["Pengasuhan", "Sekolah", "Disabilitas"],
        "pages": Paginator(range(60), 12).page(3),
        "rows": [
            ("Penajam", 12, 1250),
            ("Waru", 4, 312),
            ("Babulu", 0, 0),
            ("Sepaku", 7, 845),
        ],
        "crumbs": [
            {"url": "#", "title": "Lindungi Klaten"},
            {"url": "#", "title": "Kampanye"},
        ],
        "text_size": 12_000,
        "video_size": 1_400_000,
        "title": _("Components of the look"),
    }


@require_safe
def gaya(request: HttpRequest) -> HttpResponse:
    return render(request, "gaya.html", samples())
