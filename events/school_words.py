"""How people write which school it is: "SMPN1", "S.M.P. N. 2", "MTsN 1", "Ponpes", "KB Melati".

A word too many hides a place that anybody could have read; a word too few tells whose pupils are
spoken of. So short forms count in any case and with anything after them that is no letter. Only
those that mostly mean something else ("KB", "PP", "MAS") need the beginning of a name.
"""

import re

# Joined to a kind: state, private, Catholic, Islamic, special, "SMP Satu Atap" and the like.
_OF = (
    r"(?:n(?:egeri)?|s(?:wasta)?|k(?:r|risten|at[ho]*lik)?|i(?:t|p|slam|npres)?|lb|nu|plus|satap|t"
    r"|tq)"
)
_KINDS = rf"""
    # One sign between all letters, or none: "S.M.P.", "S M P", "S. M. P.".
    s(?P<dot>\.\s?|\s|)(?:m(?P=dot)[pak](?:{_OF}|m(?:uh\w*)?)?|l(?P=dot)b(?:[a-gns])?)
    |sd(?:{_OF}|muh\w*)? |s(?P<sign>\.\s?|\s)d(?P=sign)n
    |slt(?:pn?|a) |smun? |smea |stmn? |smtkn? |smagk |srm[ap]
    |tk(?:{_OF})?(?<!tki|tks|tkt) |t\.\s?k
    |m[.\s]?\s?ts(?:{_OF}|is|m)? |mi |man? |m\.\s?[ia]\.?\s?n(?:egeri)?
    # "min. 10 orang"
    |min(?!\W{{0,2}}\d+\s*(?:%|(?:orang|peserta|anak|guru|siswa|kader|kali|jam|menit|hari
        |tahun|th)\b))
    |(?-i:MIN|MI[MST]|MINU|MANU|MAKN|MAM)
    |ra |paud(?:it|qu?|n|hi)? |kober |pkbm |tpq |mdta? |madin
    |(?:se?kolah|sklh|madra?o?sy?ah|p[ea]santren|pondok|ponpes|pontren|dayah|seminari)(?:an|nya|ku)?
    |ma['’`]?had |school
    |taman\s+(?:kanak|pendidikan\s+(?:al\W*)?qur\W*an)
    |kelompok\s+bermain |sanggar\s+(?:kegiatan\s+)?belajar
    |(?:r[ao]u?d[lh]{{0,2}}[ao]tul|bustanul)\s+ath?fal
    # "SKB 3 Menteri" is a decree.
    |skb(?!\W*(?:(?:\d+|dua|tiga|empat|lima|enam)\W+)?(?:ment[e]?ri|no|nomor|tahun|tentang)\b)
"""
_NAME = r"""["'“(]*(?:(?-i:[A-Z])|a[dlnrstz][-'’\s])"""
_DECREES = (
    r"no|nomor|tahun|ri|tunas|tentang|nasyi\w+|['’]?a?isyi?yah|fatayat|muslimat|muhammadiyah|pemuda"
    r"|ipp?nu|ipm|imm|pmii|hmi|kammi|gp|ansor|persis|nu|pkk|polri|ikatan|persatuan|perhimpunan"
    r"|perlindungan|pelajar|wanita|pmkri|gmki|gmni|wkri|salimah"
)
_FAMILIES = (
    r"pria|wanita|pasca\w*|m[ko][jwp]p?|suntik|implan|iud|mandiri|gratis|keliling|untuk|bagi"
    r"|puskesmas|kesehatan|kespro|vasektomi|kondom|modern"
)
_AREAS = r"nasional|provinsi|kabupaten|kota|kecamatan|kelurahan|desa|dan|di|oleh|yang|dalam"
_NAMED = rf"""
    # "s.d." alone means "until".
    s\.\s?d\.?\s*(?:negeri|inpres|islam|k(?:r|at)|muh|swasta|s(?:t|ant[oa])\b)
    |(?-i:P\.?P\.?)\s+(?!(?:{_DECREES})\b){_NAME}
    |(?-i:KB)[\s./-]{{1,3}}(?!(?:{_FAMILIES}|{_AREAS})\b){_NAME} |(?-i:KBIT)
    |(?-i:MAS)\s+(?:a[dlnrstz][-'’\s]|darul?\b|darus\b|nurul|miftahul|hidayatul|\d)
"""
_SCHOOL = re.compile(
    rf"""
    # "Isra Mi'raj" and "Ma'ruf" are no schools.
    (?<![^\W_])(?<![^\W_]['’‘ʼ`])
    (?:(?:{_KINDS})(?!['’‘ʼ`]?[^\W\d_])|{_NAMED})
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NO_SCHOOL = re.compile(
    # "Siti Aminah, M.A.", "S.Pd.SD", "A.Ma.Pd." have a degree; "MA Negeri 1" is a school.
    r",\s*m\.?\s?a\.?(?=\s*(?:,|$))|\bs\.?\s?pd\.?\s?(?:sd|paud)\b|\ba\.\s?ma\b"
    r"|\b(?:jl|jln|jalan|rsud|hari|pendopo)\b\.?\s+ra\.?\s+kartini\b"
    # Municipal police; the section for women and children.
    r"|\b(?:sat(?:uan)?\.?\s*)?pol(?:isi)?\.?\s*P\.?P\b\.?|\b(?:dinas|bidang)\s+PP\b"
    # Family planning.
    r"|\b(?:kampung|program|balai|penyuluh(?:an)?|petugas|(?:pe)?layanan|peserta|akseptor|alat|kader"
    r"|pos|gerai|mobil|konseling|bidang|dinas|upt|ber|dan|&|metode)\s*KB\b",
    re.IGNORECASE,
)


def names_a_school(text: str) -> bool:
    """Whether a school, a pesantren or a kindergarten is named, or the kind of one."""
    return bool(_SCHOOL.search(_NO_SCHOOL.sub("", text)))
