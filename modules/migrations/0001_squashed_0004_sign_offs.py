import uuid

import django.core.validators
import django.db.models.deletion
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

import districts.term_fields
import modules.models.module
import safeguards.creating
import safeguards.fields


class Migration(migrations.Migration):

    replaces = [('modules', '0001_modules_and_runs'), ('modules', '0002_card_pictures'), ('modules', '0003_module_licence'), ('modules', '0004_sign_offs')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('districts', '0010_commitment_history'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        safeguards.creating.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='LessonPage',
                    fields=[
                        ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                        ('minutes', models.PositiveSmallIntegerField(default=40, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(300)], verbose_name='minutes')),
                        ('steps', wagtail.fields.StreamField([('step', 93)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'Step', 'max_length': 120}), 1: ('wagtail.blocks.IntegerBlock', (), {'label': 'Minutes', 'max_value': 120, 'min_value': 1}), 2: ('safeguards.fields.SafeRichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul'], 'label': 'What you do'}), 3: ('safeguards.fields.SafeRichTextBlock', (), {'features': ['bold', 'italic'], 'label': 'What you may say', 'required': False}), 4: ('modules.blocks.words.WordsBlock', (), {}), 5: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('hands', 'Hands'), ('houses', 'Houses'), ('path', 'A path'), ('schoolyard', 'School yard'), ('cloth', 'Cloth'), ('phone', 'Telephone'), ('listening', 'Listening')], 'label': 'Drawing', 'required': False}), 6: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Picture', 'required': False}), 7: ('wagtail.blocks.CharBlock', (), {'label': "Description for those who can't see it", 'max_length': 250}), 8: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 250, 'required': False}), 9: ('wagtail.blocks.StructBlock', [[('drawing', 5), ('image', 6), ('alt', 7), ('caption', 8)]], {}), 10: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('audio', 'Audio'), ('video', 'Video')], 'label': 'Kind'}), 11: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 120}), 12: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'File'}), 13: ('wagtail.blocks.IntegerBlock', (), {'label': 'Minutes', 'max_value': 60, 'min_value': 1}), 14: ('safeguards.fields.SafeRichTextBlock', (), {'features': ['bold', 'italic'], 'label': 'All that is said'}), 15: ('wagtail.blocks.StructBlock', [[('kind', 10), ('title', 11), ('file', 12), ('minutes', 13), ('transcript', 14)]], {}), 16: ('wagtail.blocks.CharBlock', (), {'label': 'Heading', 'max_length': 120}), 17: ('wagtail.blocks.IntegerBlock', (), {'label': 'Minutes', 'max_value': 120, 'min_value': 1, 'required': False}), 18: ('wagtail.blocks.CharBlock', (), {'label': 'Material', 'max_length': 300}), 19: ('wagtail.blocks.ListBlock', (18,), {'default': [], 'label': 'Materials'}), 20: ('safeguards.fields.SafeRichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul'], 'label': 'What to do'}), 21: ('wagtail.blocks.StructBlock', [[('title', 16), ('minutes', 17), ('materials', 19), ('text', 20)]], {}), 22: ('safeguards.fields.SafeRichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul'], 'label': 'Situation'}), 23: ('wagtail.blocks.CharBlock', (), {'label': 'Role', 'max_length': 80}), 24: ('wagtail.blocks.CharBlock', (), {'label': 'What this role does', 'max_length': 500}), 25: ('wagtail.blocks.StructBlock', [[('name', 23), ('text', 24)]], {}), 26: ('wagtail.blocks.ListBlock', (25,), {'label': 'Roles', 'max_num': 8, 'min_num': 1}), 27: ('wagtail.blocks.CharBlock', (), {'label': 'Rule', 'max_length': 300}), 28: ('wagtail.blocks.ListBlock', (27,), {'default': [], 'label': 'Rules'}), 29: ('wagtail.blocks.StructBlock', [[('title', 16), ('situation', 22), ('roles', 26), ('rules', 28)]], {}), 30: ('wagtail.blocks.CharBlock', (), {'label': 'Question', 'max_length': 300}), 31: ('wagtail.blocks.CharBlock', (), {'label': 'An answer you may hear', 'max_length': 300}), 32: ('wagtail.blocks.ListBlock', (31,), {'default': [], 'label': 'Expected'}), 33: ('wagtail.blocks.CharBlock', (), {'label': 'A difficult answer', 'max_length': 400}), 34: ('wagtail.blocks.CharBlock', (), {'label': 'How to respond', 'max_length': 800}), 35: ('wagtail.blocks.StructBlock', [[('answer', 33), ('response', 34)]], {}), 36: ('wagtail.blocks.ListBlock', (35,), {'default': [], 'label': 'Difficult answers'}), 37: ('wagtail.blocks.StructBlock', [[('question', 30), ('expected', 32), ('difficult', 36)]], {}), 38: ('wagtail.blocks.ListBlock', (37,), {'label': 'Questions', 'max_num': 8, 'min_num': 1}), 39: ('wagtail.blocks.StructBlock', [[('title', 16), ('questions', 38)]], {}), 40: ('safeguards.fields.SafeRichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul'], 'label': 'Story'}), 41: ('wagtail.blocks.CharBlock', (), {'label': 'Question', 'max_length': 300, 'required': False}), 42: ('wagtail.blocks.StructBlock', [[('title', 16), ('text', 40), ('question', 41)]], {}), 43: ('wagtail.blocks.CharBlock', (), {'label': 'Pile', 'max_length': 80}), 44: ('wagtail.blocks.ListBlock', (43,), {'label': 'Piles', 'min_num': 2}), 45: ('wagtail.blocks.CharBlock', (), {'label': 'On the card', 'max_length': 300}), 46: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('awan', 'Cloud'), ('bola', 'Ball'), ('buku', 'Book'), ('bunga', 'Flower'), ('daun', 'Leaf'), ('gelas', 'Glass'), ('hati', 'Heart'), ('ikan', 'Fish'), ('jam', 'Clock'), ('kapal', 'Boat'), ('kunci', 'Key'), ('layang', 'Kite'), ('matahari', 'Sun'), ('payung', 'Umbrella'), ('rumah', 'House'), ('sepeda', 'Bicycle'), ('tangan', 'Hand')], 'label': 'Picture', 'required': False}), 47: ('wagtail.blocks.CharBlock', (), {'label': 'Its pile', 'max_length': 80}), 48: ('wagtail.blocks.CharBlock', (), {'label': 'Why, for the facilitator', 'max_length': 500, 'required': False}), 49: ('wagtail.blocks.StructBlock', [[('text', 45), ('picture', 46), ('pile', 47), ('why', 48)]], {}), 50: ('wagtail.blocks.ListBlock', (49,), {'label': 'Cards', 'max_num': 24, 'min_num': 2}), 51: ('wagtail.blocks.StructBlock', [[('title', 16), ('piles', 44), ('cards', 50)]], {}), 52: ('safeguards.fields.SafeRichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul'], 'label': 'Text'}), 53: ('wagtail.blocks.StructBlock', [[('title', 16), ('text', 52)]], {}), 54: ('modules.blocks.practice.DisclosureBlock', (), {}), 55: ('modules.blocks.practice.ReferralBlock', (), {}), 56: ('safeguards.fields.SafeRichTextBlock', (), {'features': ['bold', 'italic'], 'label': 'Question'}), 57: ('safeguards.fields.SafeRichTextBlock', (), {'features': ['bold', 'italic', 'ul'], 'label': 'Shown after an answer', 'required': False}), 58: ('wagtail.blocks.BooleanBlock', (), {'help_text': 'Its key never leaves the server before the answer. Else it is a self-check.', 'label': 'Scored by the server', 'required': False}), 59: ('wagtail.blocks.BooleanBlock', (), {'help_text': 'Shows the way to help beside it.', 'label': 'Sensitive', 'required': False}), 60: ('wagtail.blocks.CharBlock', (), {'label': 'Answer', 'max_length': 300}), 61: ('wagtail.blocks.BooleanBlock', (), {'label': 'Right', 'required': False}), 62: ('wagtail.blocks.CharBlock', (), {'help_text': 'Where it is wrong, teach without giving the right one away.', 'label': 'Said to who chose it', 'max_length': 500, 'required': False}), 63: ('wagtail.blocks.StructBlock', [[('text', 60), ('right', 61), ('feedback', 62)]], {}), 64: ('wagtail.blocks.ListBlock', (63,), {'label': 'Answers', 'max_num': 8, 'min_num': 2}), 65: ('wagtail.blocks.StructBlock', [[('prompt', 56), ('explain', 57), ('scored', 58), ('sensitive', 59), ('choices', 64)]], {}), 66: ('wagtail.blocks.ListBlock', (63,), {'label': 'Answers', 'max_num': 10, 'min_num': 2}), 67: ('wagtail.blocks.StructBlock', [[('prompt', 56), ('explain', 57), ('scored', 58), ('sensitive', 59), ('choices', 66)]], {}), 68: ('wagtail.blocks.ListBlock', (63,), {'label': 'True and false', 'max_num': 2, 'min_num': 2}), 69: ('wagtail.blocks.StructBlock', [[('prompt', 56), ('explain', 57), ('scored', 58), ('sensitive', 59), ('choices', 68)]], {}), 70: ('wagtail.blocks.CharBlock', (), {'label': 'Step', 'max_length': 300}), 71: ('wagtail.blocks.ListBlock', (70,), {'label': 'In the right order', 'max_num': 8, 'min_num': 2}), 72: ('wagtail.blocks.StructBlock', [[('prompt', 56), ('explain', 57), ('scored', 58), ('sensitive', 59), ('sequence', 71)]], {}), 73: ('wagtail.blocks.CharBlock', (), {'label': 'Where it belongs', 'max_length': 80}), 74: ('wagtail.blocks.CharBlock', (), {'label': 'Said afterwards', 'max_length': 500, 'required': False}), 75: ('wagtail.blocks.StructBlock', [[('text', 45), ('pile', 73), ('feedback', 74)]], {}), 76: ('wagtail.blocks.ListBlock', (75,), {'label': 'Cards', 'max_num': 12, 'min_num': 2}), 77: ('wagtail.blocks.StructBlock', [[('prompt', 56), ('explain', 57), ('scored', 58), ('sensitive', 59), ('piles', 44), ('cards', 76)]], {}), 78: ('wagtail.blocks.CharBlock', (), {'label': 'Name', 'max_length': 60}), 79: ('wagtail.blocks.TextBlock', (), {'label': 'What happens', 'max_length': 900}), 80: ('wagtail.blocks.BooleanBlock', (), {'label': 'A wanted end', 'required': False}), 81: ('wagtail.blocks.CharBlock', (), {'label': 'What one may do', 'max_length': 300}), 82: ('wagtail.blocks.CharBlock', (), {'label': 'Leads to', 'max_length': 60}), 83: ('wagtail.blocks.CharBlock', (), {'label': 'Said on the way', 'max_length': 500, 'required': False}), 84: ('wagtail.blocks.StructBlock', [[('text', 81), ('to', 82), ('feedback', 83)]], {}), 85: ('wagtail.blocks.ListBlock', (84,), {'default': [], 'label': 'Ways on; none is an end'}), 86: ('wagtail.blocks.StructBlock', [[('name', 78), ('text', 79), ('good', 80), ('ways', 85)]], {}), 87: ('wagtail.blocks.ListBlock', (86,), {'label': 'Places; the first is the start', 'min_num': 2}), 88: ('wagtail.blocks.StructBlock', [[('prompt', 56), ('explain', 57), ('scored', 58), ('sensitive', 59), ('nodes', 87)]], {}), 89: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('1', 'Agree'), ('-1', 'Disagree')], 'label': 'Wanted end'}), 90: ('wagtail.blocks.StructBlock', [[('prompt', 56), ('explain', 57), ('scored', 58), ('sensitive', 59), ('direction', 89)]], {}), 91: ('wagtail.blocks.StructBlock', [[('prompt', 56), ('explain', 57), ('scored', 58), ('sensitive', 59)]], {}), 92: ('wagtail.blocks.StreamBlock', [[('text', 4), ('picture', 9), ('media', 15), ('activity', 21), ('role_play', 29), ('discussion', 39), ('case', 42), ('card_sort', 51), ('sheet', 53), ('disclosure', 54), ('referral', 55), ('single', 65), ('multiple', 67), ('true_false', 69), ('order', 72), ('match', 77), ('scenario', 88), ('likert', 90), ('short_text', 91)]], {'label': 'What learners see', 'required': False}), 93: ('wagtail.blocks.StructBlock', [[('title', 0), ('minutes', 1), ('guide', 2), ('say', 3), ('learner', 92)]], {})}, verbose_name='steps')),
                    ],
                    options={
                        'verbose_name': 'lesson page',
                        'indexes': [],
                        'constraints': [],
                    },
                    bases=('wagtailcore.page',),
                ),
                migrations.CreateModel(
                    name='ModuleIndexPage',
                    fields=[
                        ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                    ],
                    options={
                        'verbose_name': 'module index page',
                        'indexes': [],
                        'constraints': [],
                    },
                    bases=('wagtailcore.page',),
                ),
                migrations.CreateModel(
                    name='ModulePage',
                    fields=[
                        ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                        ('version', models.CharField(default='1.0', max_length=20, verbose_name='version')),
                        ('illustration', models.CharField(blank=True, choices=[('', 'None'), ('hands', 'Hands'), ('houses', 'Houses'), ('path', 'A path'), ('schoolyard', 'School yard'), ('cloth', 'Cloth'), ('phone', 'Telephone'), ('listening', 'Listening')], max_length=20, verbose_name='drawing')),
                        ('audience_codes', districts.term_fields.TermCodesField(blank=True, default=list, verbose_name='for whom', vocabulary='audience')),
                        ('age_from', models.PositiveSmallIntegerField(default=12, validators=[django.core.validators.MaxValueValidator(99)], verbose_name='youngest')),
                        ('age_to', models.PositiveSmallIntegerField(default=15, validators=[django.core.validators.MaxValueValidator(99)], verbose_name='oldest')),
                        ('minutes', models.PositiveSmallIntegerField(default=40, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(600)], verbose_name='minutes')),
                        ('needs', models.CharField(choices=[('tanpa', 'Nothing but people'), ('kertas', 'Paper'), ('satu', 'One device'), ('ponsel', 'A phone each')], default='tanpa', max_length=8, verbose_name='needs')),
                        ('level', models.CharField(choices=[('sd', 'Primary school: 10 words a sentence'), ('smp', 'Secondary school: 14 words a sentence'), ('dewasa', 'Adults: 18 words a sentence')], default='smp', max_length=8, verbose_name='reading level')),
                        ('issue_codes', districts.term_fields.TermCodesField(blank=True, default=list, verbose_name='issue areas', vocabulary='issue_area')),
                        ('violence_codes', districts.term_fields.TermCodesField(blank=True, default=list, verbose_name='forms of violence', vocabulary='violence_form')),
                        ('regulation_codes', districts.term_fields.RegulationCodesField(blank=True, default=list, verbose_name='regulations')),
                        ('referral_issue', models.CharField(blank=True, help_text='Code of an issue area; empty for all.', max_length=60, verbose_name='issue of the help shown')),
                        ('objectives', modules.models.module.Lines(blank=True, help_text='What can be seen; one a line.', verbose_name='objectives')),
                        ('materials', modules.models.module.Lines(blank=True, help_text='One a line.', verbose_name='materials')),
                        ('preparation', safeguards.fields.SafeRichTextField(blank=True, verbose_name='before the session')),
                        ('safeguarding', safeguards.fields.SafeRichTextField(blank=True, verbose_name='safeguarding note')),
                        ('disclosure_title', models.CharField(blank=True, max_length=120, verbose_name='if somebody tells something')),
                        ('disclosure_steps', modules.models.module.Lines(blank=True, help_text='One a line.', verbose_name='steps')),
                        ('disclosure_say', modules.models.module.Lines(blank=True, help_text='One a line.', verbose_name='words to say')),
                        ('disclosure_avoid', modules.models.module.Lines(blank=True, help_text='One a line.', verbose_name='what to avoid')),
                        ('variants', wagtail.fields.StreamField([('variant', 2)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'For whom, or without what', 'max_length': 120}), 1: ('safeguards.fields.SafeRichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul'], 'label': 'What is done differently'}), 2: ('wagtail.blocks.StructBlock', [[('title', 0), ('text', 1)]], {})}, verbose_name='variants')),
                        ('take_home_title', models.CharField(blank=True, max_length=120, verbose_name='note for parents')),
                        ('take_home', safeguards.fields.SafeRichTextField(blank=True, verbose_name='what it says')),
                        ('take_home_may_be_withheld', models.BooleanField(default=False, verbose_name='the teacher may keep it back')),
                        ('survey', wagtail.fields.StreamField([('knowledge_single', 9), ('attitude_likert', 11), ('intention_likert', 12)], blank=True, block_lookup={0: ('safeguards.fields.SafeRichTextBlock', (), {'features': ['bold', 'italic'], 'label': 'Question'}), 1: ('safeguards.fields.SafeRichTextBlock', (), {'features': ['bold', 'italic', 'ul'], 'label': 'Shown after an answer', 'required': False}), 2: ('wagtail.blocks.BooleanBlock', (), {'help_text': 'Its key never leaves the server before the answer. Else it is a self-check.', 'label': 'Scored by the server', 'required': False}), 3: ('wagtail.blocks.BooleanBlock', (), {'help_text': 'Shows the way to help beside it.', 'label': 'Sensitive', 'required': False}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Answer', 'max_length': 300}), 5: ('wagtail.blocks.BooleanBlock', (), {'label': 'Right', 'required': False}), 6: ('wagtail.blocks.CharBlock', (), {'help_text': 'Where it is wrong, teach without giving the right one away.', 'label': 'Said to who chose it', 'max_length': 500, 'required': False}), 7: ('wagtail.blocks.StructBlock', [[('text', 4), ('right', 5), ('feedback', 6)]], {}), 8: ('wagtail.blocks.ListBlock', (7,), {'label': 'Answers', 'max_num': 8, 'min_num': 2}), 9: ('wagtail.blocks.StructBlock', [[('prompt', 0), ('explain', 1), ('scored', 2), ('sensitive', 3), ('choices', 8)]], {'label': 'Knowledge, one answer'}), 10: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('1', 'Agree'), ('-1', 'Disagree')], 'label': 'Wanted end'}), 11: ('wagtail.blocks.StructBlock', [[('prompt', 0), ('explain', 1), ('scored', 2), ('sensitive', 3), ('direction', 10)]], {'label': 'Attitude, agree or disagree'}), 12: ('wagtail.blocks.StructBlock', [[('prompt', 0), ('explain', 1), ('scored', 2), ('sensitive', 3), ('direction', 10)]], {'label': 'Intention, agree or disagree'})}, verbose_name='asked before and after')),
                        ('pass_mark', models.PositiveSmallIntegerField(default=60, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='pass mark, percent')),
                        ('sources', wagtail.fields.StreamField([('source', 2)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'Source', 'max_length': 250}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'What was taken from it', 'max_length': 400, 'required': False}), 2: ('wagtail.blocks.StructBlock', [[('title', 0), ('note', 1)]], {})}, verbose_name='sources')),
                        ('glossary', wagtail.fields.StreamField([('word', 2)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'Word', 'max_length': 80}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'Meaning', 'max_length': 400}), 2: ('wagtail.blocks.StructBlock', [[('term', 0), ('meaning', 1)]], {})}, verbose_name='glossary')),
                        ('open_questions', modules.models.module.Lines(blank=True, verbose_name='open questions for a specialist')),
                        ('reviewer', models.CharField(blank=True, help_text='A specialist and their office.', max_length=160, verbose_name='reviewed by')),
                        ('reviewed_on', models.DateField(blank=True, null=True, verbose_name='reviewed on')),
                        ('review_due', models.DateField(blank=True, help_text='After this day nobody finds the module, and no new run can begin.', null=True, verbose_name='to be reviewed by')),
                        ('retire_on', models.DateField(blank=True, null=True, verbose_name='retires on')),
                        ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                        ('licence', models.CharField(db_default='CC BY-SA 4.0', default='CC BY-SA 4.0', help_text='It stands at the foot of every paper.', max_length=60, verbose_name='licence')),
                    ],
                    options={
                        'verbose_name': 'module page',
                        'indexes': [],
                        'constraints': [],
                    },
                    bases=('wagtailcore.page',),
                ),
                migrations.CreateModel(
                    name='Edition',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.CharField(max_length=20)),
                        ('title', models.CharField(max_length=255)),
                        ('digest', models.CharField(max_length=64)),
                        ('content', models.JSONField()),
                        ('created_at', models.DateTimeField()),
                        ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.revision')),
                        ('page', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='modules.modulepage')),
                    ],
                    options={
                        'indexes': [],
                        'constraints': [models.UniqueConstraint(fields=('page', 'digest'), name='module_edition_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Group',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('kelas', 'School class'), ('pkk', 'PKK group'), ('lain', 'Another group')], max_length=6, verbose_name='kind')),
                        ('label', models.CharField(help_text='For example 8B. No name of a person.', max_length=60, verbose_name='what you call it')),
                        ('period', models.CharField(blank=True, max_length=9, verbose_name='school year')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('archived_at', models.DateTimeField(blank=True, null=True)),
                        ('copied_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='copies', to='modules.group')),
                        ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='districts.district')),
                        ('facilitator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='module_groups', to=settings.AUTH_USER_MODEL)),
                        ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='districts.organisation')),
                    ],
                    options={
                        'verbose_name': 'group',
                        'verbose_name_plural': 'groups',
                        'ordering': ['-created_at'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='ClassRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField()),
                        ('series', models.UUIDField(db_index=True, default=uuid.uuid4)),
                        ('group_label', models.CharField(blank=True, max_length=60)),
                        ('mode', models.CharField(choices=[('ponsel', 'A phone each'), ('satu', 'One device, hands are counted'), ('kertas', 'Paper, tallied afterwards')], max_length=6, verbose_name='mode')),
                        ('lessons', models.JSONField(default=list)),
                        ('asks_before', models.BooleanField(default=True)),
                        ('asks_after', models.BooleanField(default=True)),
                        ('state', models.CharField(choices=[('rencana', 'planned'), ('buka', 'running'), ('tutup', 'ended')], default='rencana', max_length=7, verbose_name='state')),
                        ('code', models.CharField(blank=True, max_length=6)),
                        ('locked', models.BooleanField(default=False)),
                        ('step', models.PositiveSmallIntegerField(default=0)),
                        ('step_began_at', models.DateTimeField(blank=True, null=True)),
                        ('pulse', models.PositiveIntegerField(default=0)),
                        ('planned_for', models.DateField(blank=True, null=True)),
                        ('created_at', models.DateTimeField()),
                        ('opened_at', models.DateTimeField(blank=True, null=True)),
                        ('closes_at', models.DateTimeField(blank=True, null=True)),
                        ('closed_at', models.DateTimeField(blank=True, null=True)),
                        ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='districts.district')),
                        ('facilitator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='class_runs', to=settings.AUTH_USER_MODEL)),
                        ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='modules.edition')),
                        ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='runs', to='modules.group')),
                    ],
                    options={
                        'verbose_name': 'class run',
                        'verbose_name_plural': 'class runs',
                        'ordering': ['-created_at'],
                        'indexes': [models.Index(fields=['facilitator', '-created_at'], name='class_run_of_whom')],
                        'constraints': [models.UniqueConstraint(fields=('district', 'key'), name='class_run_once'), models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('code',), name='class_run_code_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'buka'), _negated=True), models.Q(('code', ''), _negated=True), _connector='OR'), name='class_run_open_has_a_code')],
                    },
                ),
                migrations.CreateModel(
                    name='GroupCount',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sex', models.CharField(choices=[('P', 'Female'), ('L', 'Male')], max_length=1, verbose_name='sex')),
                        ('age_group', models.CharField(blank=True, max_length=10, verbose_name='age group')),
                        ('with_disability', models.BooleanField(default=False, verbose_name='with a disability')),
                        ('number', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(2000)], verbose_name='number')),
                        ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='counts', to='modules.group')),
                    ],
                    options={
                        'indexes': [],
                        'constraints': [models.UniqueConstraint(fields=('group', 'sex', 'age_group', 'with_disability'), name='group_count_once_a_cell')],
                    },
                ),
                migrations.CreateModel(
                    name='Participant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField()),
                        ('nickname', models.CharField(blank=True, max_length=40)),
                        ('token_digest', models.CharField(blank=True, max_length=64)),
                        ('joined_at', models.DateTimeField()),
                        ('removed_at', models.DateTimeField(blank=True, null=True)),
                        ('before_at', models.DateTimeField(blank=True, null=True)),
                        ('after_at', models.DateTimeField(blank=True, null=True)),
                        ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='modules.classrun')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('token_digest', ''), _negated=True), fields=['token_digest'], name='participant_token')],
                        'constraints': [models.UniqueConstraint(fields=('run', 'key'), name='participant_once'), models.UniqueConstraint(condition=models.Q(('nickname', ''), _negated=True), fields=('run', 'nickname'), name='participant_nickname')],
                    },
                ),
                migrations.CreateModel(
                    name='ReviewWarning',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('due', models.DateField()),
                        ('days', models.PositiveSmallIntegerField()),
                        ('sent_at', models.DateTimeField()),
                        ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='modules.modulepage')),
                    ],
                    options={
                        'indexes': [],
                        'constraints': [models.UniqueConstraint(fields=('page', 'due', 'days'), name='review_warning_once')],
                    },
                ),
                migrations.CreateModel(
                    name='RunCount',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sex', models.CharField(choices=[('P', 'Female'), ('L', 'Male')], max_length=1, verbose_name='sex')),
                        ('age_group', models.CharField(blank=True, max_length=10, verbose_name='age group')),
                        ('with_disability', models.BooleanField(default=False, verbose_name='with a disability')),
                        ('number', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(2000)], verbose_name='number')),
                        ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='counts', to='modules.classrun')),
                    ],
                    options={
                        'indexes': [],
                        'constraints': [models.UniqueConstraint(fields=('run', 'sex', 'age_group', 'with_disability'), name='run_count_once_a_cell')],
                    },
                ),
                migrations.CreateModel(
                    name='Submission',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField()),
                        ('item', models.UUIDField()),
                        ('attempt', models.PositiveSmallIntegerField(default=1)),
                        ('answer', models.JSONField()),
                        ('is_right', models.BooleanField(null=True)),
                        ('points', models.FloatField(default=0)),
                        ('at', models.DateTimeField()),
                        ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='submissions', to='modules.participant')),
                        ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='submissions', to='modules.classrun')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['run', 'item'], name='submission_of_item')],
                        'constraints': [models.UniqueConstraint(fields=('run', 'key'), name='submission_once'), models.UniqueConstraint(fields=('participant', 'item', 'attempt'), name='submission_attempt_once')],
                    },
                ),
                migrations.CreateModel(
                    name='SurveyAnswer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('series', models.UUIDField(db_index=True)),
                        ('key', models.UUIDField()),
                        ('phase', models.CharField(choices=[('sebelum', 'before'), ('sesudah', 'after')], max_length=8)),
                        ('order', models.CharField(default='A', max_length=1)),
                        ('pair_code', models.CharField(blank=True, max_length=60)),
                        ('answers', models.JSONField()),
                        ('day', models.DateField()),
                        ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='survey_answers', to='modules.classrun')),
                    ],
                    options={
                        'indexes': [],
                        'constraints': [models.UniqueConstraint(fields=('run', 'key'), name='survey_answer_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Tally',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField()),
                        ('phase', models.CharField(max_length=8)),
                        ('item', models.UUIDField()),
                        ('source', models.CharField(choices=[('tangan', 'hands'), ('kertas', 'paper')], max_length=6)),
                        ('counts', models.JSONField()),
                        ('sequence', models.PositiveIntegerField()),
                        ('at', models.DateTimeField()),
                        ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tallies', to='modules.classrun')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['run', 'phase', 'item'], name='tally_of_item')],
                        'constraints': [models.UniqueConstraint(fields=('run', 'key'), name='tally_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Withdrawal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(max_length=300, verbose_name='reason')),
                        ('at', models.DateTimeField()),
                        ('lifted_at', models.DateTimeField(blank=True, null=True)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='withdrawals', to='modules.modulepage')),
                    ],
                    options={
                        'ordering': ['-at'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='SignOff',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('entry', models.UUIDField(help_text='of the form, so that sent twice is once', unique=True)),
                        ('module_key', models.UUIDField()),
                        ('language', models.CharField(max_length=20)),
                        ('number', models.PositiveIntegerField()),
                        ('verdict', models.CharField(choices=[('setuju', 'May be used'), ('keberatan', 'May not be used here'), ('dicabut', 'Our entry is taken back')], max_length=10, verbose_name='judgement')),
                        ('key', models.UUIDField(help_text='of the specialist, for export and erasure')),
                        ('signed_name', models.CharField(blank=True, max_length=160, verbose_name='name')),
                        ('signed_office', models.CharField(blank=True, max_length=160, verbose_name='office')),
                        ('signed_role', models.CharField(blank=True, max_length=120, verbose_name='field of work')),
                        ('day', models.DateField(verbose_name='day')),
                        ('version', models.CharField(max_length=20, verbose_name='version')),
                        ('text_digest', models.CharField(blank=True, max_length=64)),
                        ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                        ('recorded_at', models.DateTimeField()),
                        ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='districts.district')),
                        ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'review by a specialist',
                        'verbose_name_plural': 'reviews by specialists',
                        'ordering': ['-number'],
                        'constraints': [models.UniqueConstraint(fields=('district', 'module_key', 'language', 'number'), name='sign_off_number_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='sign_off_number_from_one')],
                        'indexes': [],
                    },
                ),
            ],
        ),
    ]
