"""Forms of one word fall together, other words stay apart."""

import time

import pytest

from website.search import words
from website.search.stemming import STOP_WORDS, key

# A root and forms of it that people write and type.
FORMS = """
rundung perundungan merundung dirundung rundungan perundung bullying
keras kekerasan kekerasannya
lapor melaporkan laporan melapor dilaporkan pelapor pelaporan laporkan terlapor laporlah laporannya
bantu bantuan membantu dibantu pembantu bantulah
tolong menolong pertolongan penolong ditolong
tulis menulis ditulis penulis tuliskan
kirim mengirim kiriman dikirim pengiriman kirimkan
ambil mengambil diambil pengambilan ambilkan
sapa menyapa disapa sapaan
pukul memukul pukulan dipukul pemukulan
asuh pengasuhan mengasuh pengasuh diasuh asuhan
adu pengaduan mengadu aduan diadukan
didik pendidikan mendidik pendidik terdidik
latih pelatihan melatih latihan pelatih terlatih dilatih
kerja bekerja pekerjaan pekerja mengerjakan dikerjakan mempekerjakan
ajar belajar pelajar pelajaran mengajar pengajar pembelajaran mempelajari ajaran
tanya bertanya pertanyaan menanyakan ditanyakan tanyakan
cegah pencegahan mencegah dicegah
lindung perlindungan melindungi dilindungi terlindungi pelindung lindungi berlindung
nikah menikah pernikahan dinikahkan
kawin perkawinan mengawinkan dikawinkan
damping pendampingan mendampingi pendamping didampingi
culik penculikan menculik diculik
dagang perdagangan pedagang berdagang memperdagangkan
telantar penelantaran menelantarkan ditelantarkan terlantar
leceh pelecehan melecehkan dilecehkan
perkosa pemerkosaan memerkosa diperkosa perkosaan
percaya kepercayaan mempercayai memercayai dipercaya
hukum hukuman menghukum dihukum
jahat kejahatan penjahat
aman keamanan mengamankan pengamanan
hati perhatian memperhatikan perhatikan diperhatikan
dengar mendengarkan dengarkan didengar pendengar
cerita bercerita menceritakan diceritakan ceritakan ceritanya
bicara berbicara membicarakan pembicaraan
takut ketakutan menakuti ditakuti penakut
sekolah bersekolah menyekolahkan sekolahnya sekolahan
kembang perkembangan mengembangkan berkembang
main bermain permainan memainkan dimainkan pemain
daya pemberdayaan memberdayakan berdaya
undang undangan mengundang diundang
daftar mendaftar pendaftaran didaftarkan
rasa perasaan merasa berasa terasa
rusak perusakan merusak kerusakan dirusak
rahasia kerahasiaan merahasiakan dirahasiakan
sehat kesehatan menyehatkan
tangan penanganan menangani ditangani
tindak tindakan menindak penindakan ditindak
gerak gerakan bergerak pergerakan menggerakkan
baik perbaikan memperbaiki kebaikan terbaik diperbaiki
laku melakukan dilakukan lakukan berlaku perilaku
guna gunakan menggunakan digunakan pengguna penggunaan berguna
beri memberi diberikan berikan pemberian
tumbuh pertumbuhan menumbuhkan
sosialisasi menyosialisasikan mensosialisasikan disosialisasikan
korban pengorbanan mengorbankan korbannya
tahan menahan pertahankan ditahan
ubah perubahan mengubah diubah berubah
atur peraturan mengatur diatur aturan
ingat peringatan mengingatkan diingatkan
keluarga kekeluargaan sekeluarga berkeluarga
kecam kecaman mengecam
serang serangan menyerang diserang
ejek ejekan mengejek diejek
bentak bentakan membentak dibentak
paksa memaksa dipaksa paksaan pemaksaan
sakit menyakiti disakiti kesakitan penyakit
luka melukai dilukai terluka
rawat merawat perawatan dirawat perawat
"""
FAMILIES = FORMS.strip().splitlines()
# Words that look alike and must not meet.
STRANGERS = """
berita rita,
medan dan,
desa dia,
media dia,
keras beras,
malam alam,
anak enak,
dinas nasi,
hari hati,
kelas keras,
sehat sekat,
perang terang,
peran perang,
makan ikan,
teman tema,
pesan desa,
sekolah olah,
kepala pala,
keluarga luar,
keluarga warga,
terima lima,
salah sala,
berani ani,
masa masak,
balik bali,
tarik tari,
bulan bulu,
rumah ramah,
kasih pasar,
merah darah,
dinas inas,
digital gital,
pesan pesantren,
perempuan empuan,
guru gugur,
kota kata,
disabilitas sabilitas,
polisi polis,
selamat lamat,
sejarah jarah,
materi mater,
korban korb,
senjata jata,
kecamatan cama,
jalan jala,
badan bada,
tangan tang,
bayi bay,
sekolah kolah,
pertama tama
"""
ENGLISH = (
    ("report", "reports", "reported", "reporting"),
    ("abuse", "abused", "abuses"),
    ("bully", "bullies", "bullied", "bullying"),
    ("child", "childs"),
    ("family", "families"),
    ("stop", "stopping", "stopped"),
)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.split()[0])
def test_forms_of_a_word_have_one_key(family):
    forms = family.split()
    assert {form: key(form, "id") for form in forms} == dict.fromkeys(forms, key(forms[0], "id"))


@pytest.mark.parametrize("pair", [line.split() for line in STRANGERS.split(",")], ids="-".join)
def test_other_words_stay_apart(pair):
    first, second = pair
    assert key(first, "id") != key(second, "id")


def test_no_two_families_share_a_key():
    keys = [key(family.split()[0], "id") for family in FAMILIES]
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("forms", ENGLISH, ids=lambda forms: forms[0])
def test_english_words_are_handled_lightly(forms):
    assert {key(form, "en") for form in forms} == {key(forms[0], "en")}


@pytest.mark.parametrize("word", ["class", "violence", "crisis", "status", "red", "sing", "news"])
def test_english_words_that_end_alike_keep_their_body(word):
    assert len(key(word, "en")) >= len(word) - 1


@pytest.mark.parametrize("word", ["110", "2025", "مدرسة", "école", "x" * 400, ""])
def test_what_is_no_word_of_the_language_stays_as_it_is(word):
    assert key(word, "id") == word


def test_a_language_without_rules_has_none():
    assert key("melaporkan", "jv") == "melaporkan"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anak-anak", ["anak", "anak"]),
        ("teman2nya", ["teman", "nya"]),
        ("ÉCOLE ﬁlm", ["ecole", "film"]),
        ("a b SAPA 129!", ["sapa", "129"]),
        ("\x00per\x07undungan\u202e", ["per", "undungan"]),
        ("% _ * ( ) \" ' - -- ; DROP", ["drop"]),
        ("k" * 41 + " kata", ["kata"]),
        ("", []),
    ],
)
def test_text_is_cut_into_folded_words(text, expected):
    assert list(words.split(text)) == expected


def test_stop_words_are_left_out():
    assert list(words.telling("Bagaimana saya melaporkan ini?", "id")) == ["melaporkan"]
    assert list(words.telling("the violence of all", "en")) == ["violence"]


def test_stop_words_are_written_as_they_are_compared():
    for listed in STOP_WORDS.values():
        assert [word for word in listed if list(words.split(word)) not in ([word], [])] == []


@pytest.mark.parametrize(
    "text",
    [
        "me" * 50_000,
        "di" * 50_000,
        "a-" * 50_000,
        "kan" * 30_000,
        "\u0301" * 100_000,
        "ng " * 30_000,
    ],
)
def test_no_text_takes_long(text):
    began = time.process_time()
    for word in words.split(text):
        key(word, "id")
    key(text[:39], "id")
    assert time.process_time() - began < 1
