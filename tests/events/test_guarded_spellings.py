"""Schools and homes as people write them, and what only looks alike."""

import pytest

from events.guarding import is_a_home, names_a_school, tells_a_home

SCHOOLS = [
    *("SMPN 1 Delanggu", "SMPN1 Delanggu", "smpn1", "SMPN1/SMPN2", "SMPN.1", "SMPN_1", "(SMPN 1)"),
    *("SMP.N. 1", "S M P 1 Delanggu", "S.M.P. Negeri 2", "S.M.P.N.1", "S. M. A. 1", "SMP Neg. 1"),
    *("SMPNegeri 1", "SMP2 Prambanan", "SMP-IT Al-Hasna", "SMPIT Al-Hasna", "SMPS Budi", "SMPK X"),
    *("SMP Satu Atap", "SMPLB Negeri", "SMAN1 Klaten", "SMAK Suria Atambua", "SMAS Kristen"),
    *("SMAM 1", "SMKN3", "SMKS Pelita", "SMK Muh. 1", "SDN02 Bareng", "SDN 02/III", "SD N 1"),
    *("SDK Nela", "SDI Fatubenao", "SD Inpres Fatubenao", "SDIT Al-Hasna", "SDS Harapan", "SDLB"),
    *("S.D.N. 3", "SD Muh. 2", "SD/MI", "SLB-B", "SLB A", "SLBN Klaten", "SLTP 2", "STM 1"),
    *(
        "SMTK Belu",
        "SRMA 10",
        "MI Ma'arif",
        "MIN 1",
        "min 1 klaten",
        "MIN 1 Jambi",
        "MIS Al Huda",
        "MTsN1 Klaten",
    ),
    *("MTsS Al Huda", "M.Ts. Negeri", "MTs.N 2", "MA Negeri", "MAN2", "M.A.N. 1", "MAS Al-Falah"),
    *(
        "RA Perwanida",
        "Raudhatul Athfal",
        "TK ABA",
        "TK1",
        "T.K. Pertiwi",
        "TKIT Nur",
        "TKN Pembina",
    ),
    *("TKK Santa Maria", "Taman Kanak-Kanak", "KB Melati", "KB/TK Pertiwi", "TK/KB", "KB. Ceria"),
    *(
        "PAUD Mawar",
        "PKBM Harapan",
        "SKB Klaten",
        "SKB 3 Klaten",
        "Ponpes Al-Mukmin",
        "PP Darul Ulum",
    ),
    *("PP. Al-Mukmin", "P.P. An-Nur", "pesantrennya", "Pondok", "madrasah", "di sekolahnya"),
    *("Kelompok Bermain Ceria", "Sanggar Kegiatan Belajar", "Seminari Lalian", "Ma'had Aly"),
]
NO_SCHOOLS = [
    *("Balai Desa", "Taman Kota", "Aula Kecamatan", "Masjid Agung", "Gereja Katedral", "Polsek"),
    *(
        "Kampung KB",
        "Balai Penyuluh KB Delanggu",
        "Program KB Pria",
        "DP3AP2KB Klaten",
        "KB Nasional",
    ),
    *("PP Nomor 17 Tahun 2025", "PP No. 78", "PP 78/2021", "PP TUNAS", "PP Muhammadiyah"),
    *("Satpol PP Kabupaten Klaten", "Satuan Polisi PP", "Pol PP Kecamatan", "Dinas PP PA Klaten"),
    *("PP Perlindungan Anak", "PP PMKRI", "PP Wanita Katolik", "KB Puskesmas", "KB Vasektomi"),
    *("SKB 3 Menteri", "SKB Tiga Menteri", "09.00 s.d. 12.00", "s/d selesai", "min. 10 orang"),
    *(
        "Isra Mi'raj",
        "K.H. Ma'ruf Amin",
        "Mas Budi",
        "SDM kader",
        "SDGs",
        "calon TKI",
        "SMS",
        "TKP",
    ),
    *(
        "Siti Aminah, M.A.",
        "Budi, M.A., Ph.D.",
        "Siti, S.Pd.SD",
        "Siti, A.Ma.Pd.",
        "Agus, S.M., M.Ag.",
    ),
    *(
        "Jl. RA Kartini 5",
        "Sdr. Budi",
        "sudah",
        "Samsat",
        "P2TP2A",
        "Puskesmas",
        "Minggu",
        "umat",
        "",
    ),
]
HOMES = ["rumah Bu Siti", "rmh Bu Siti", "Rmh. Pak RT", "rumahnya Bu Ani", "Kediaman lurah"]
NO_HOMES = [
    *(
        "Rumah sakit",
        "rmh sakit",
        "Rmh. Makan Sederhana",
        "rumah dinas",
        "Rumah Ibadah",
        "Balai Desa",
    ),
    *("Taman Kota", "Rumah Baca", "Rumah Aman", "kediaman dinas"),
]


@pytest.mark.parametrize("text", SCHOOLS)
def test_a_school_is_known_in_every_spelling(text):
    told = [
        f"{before}{text}{after}" for before in ("", "Di ", "Aula (") for after in ("", ", lt. 2")
    ]
    assert [one for one in told if not names_a_school([one])] == []


@pytest.mark.parametrize("text", NO_SCHOOLS)
def test_what_only_looks_like_a_school_is_none(text):
    assert names_a_school([text]) is False


@pytest.mark.parametrize(("places", "is_one"), [(HOMES, True), (NO_HOMES, False)])
def test_a_home_is_known_in_every_spelling(places, is_one):
    assert [place for place in places if is_a_home(place) is not is_one] == []


@pytest.mark.parametrize(
    ("text", "is_home"),
    [
        ("Arisan di rmh Bu Siti", True),
        ("Kumpul di rmh. Pak RT", True),
        ("di rmh Siti", True),
        ("Rmh. biru, RT 02 RW 05", True),
        ("Kembali ke rmh Sakit", False),
        ("Kunjungan rmh oleh kader", False),
    ],
)
def test_a_shortened_home_in_a_sentence(text, is_home):
    assert tells_a_home(text) is is_home
