import django.db.models.deletion
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

import safeguards.creating


class Migration(migrations.Migration):

    replaces = [('home', '0001_initial'), ('home', '0002_links_keep_page_ids'), ('home', '0003_cards_to_cut_out')]

    initial = True

    dependencies = [
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        safeguards.creating.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='HomePage',
                    fields=[
                        ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                        ('illustration', models.CharField(blank=True, choices=[('', 'None'), ('hands', 'Hands'), ('houses', 'Houses'), ('path', 'A path'), ('schoolyard', 'School yard'), ('cloth', 'Cloth'), ('phone', 'Telephone'), ('listening', 'Listening')], max_length=20, verbose_name='drawing')),
                        ('body', wagtail.fields.StreamField([('paragraph', 0), ('image', 4), ('steps', 10), ('do_dont', 14), ('callout', 17), ('quote', 20), ('help', 22), ('links', 28), ('cards', 34)], blank=True, block_lookup={0: ('campaigns.blocks.text.ParagraphBlock', (), {}), 1: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Picture'}), 2: ('wagtail.blocks.CharBlock', (), {'label': "Description for those who can't see it", 'max_length': 250, 'required': True}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 250, 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('image', 1), ('alt', 2), ('caption', 3)]], {}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'Heading', 'max_length': 120, 'required': False}), 6: ('wagtail.blocks.CharBlock', (), {'label': 'Step', 'max_length': 120}), 7: ('safeguards.fields.SafeRichTextBlock', (), {'features': ['bold', 'italic', 'ul', 'link'], 'label': 'Explanation', 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('title', 6), ('text', 7)]], {}), 9: ('wagtail.blocks.ListBlock', (8,), {'label': 'Steps', 'max_num': 10, 'min_num': 1}), 10: ('wagtail.blocks.StructBlock', [[('title', 5), ('items', 9)]], {}), 11: ('wagtail.blocks.CharBlock', (), {'max_length': 200}), 12: ('wagtail.blocks.ListBlock', (11,), {'label': 'Do', 'min_num': 1}), 13: ('wagtail.blocks.ListBlock', (11,), {'label': "Don't", 'min_num': 1}), 14: ('wagtail.blocks.StructBlock', [[('do', 12), ('dont', 13)]], {}), 15: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('calm', 'Calm'), ('info', 'Information'), ('urgent', 'Danger')], 'label': 'Tone'}), 16: ('safeguards.fields.SafeRichTextBlock', (), {'features': ['bold', 'italic', 'ul', 'link'], 'label': 'Text'}), 17: ('wagtail.blocks.StructBlock', [[('tone', 15), ('title', 5), ('text', 16)]], {}), 18: ('wagtail.blocks.TextBlock', (), {'label': 'Words', 'max_length': 600}), 19: ('wagtail.blocks.CharBlock', (), {'label': 'Role of the speaker', 'max_length': 120}), 20: ('wagtail.blocks.StructBlock', [[('text', 18), ('role', 19)]], {}), 21: ('wagtail.blocks.CharBlock', (), {'help_text': 'Code of an issue area; empty for all.', 'label': 'Issue', 'max_length': 60, 'required': False}), 22: ('wagtail.blocks.StructBlock', [[('issue', 21)]], {}), 23: ('wagtail.blocks.CharBlock', (), {'label': 'Text', 'max_length': 120}), 24: ('campaigns.blocks.text.LinkedPageBlock', (), {'label': 'Page', 'required': False}), 25: ('wagtail.blocks.URLBlock', (), {'label': 'Address elsewhere', 'required': False}), 26: ('wagtail.blocks.StructBlock', [[('text', 23), ('page', 24), ('url', 25)]], {}), 27: ('wagtail.blocks.ListBlock', (26,), {'label': 'Links', 'max_num': 12, 'min_num': 1}), 28: ('wagtail.blocks.StructBlock', [[('title', 5), ('items', 27)]], {}), 29: ('wagtail.blocks.CharBlock', (), {'label': 'On the card', 'max_length': 80}), 30: ('wagtail.blocks.CharBlock', (), {'help_text': 'One or two short sentences; a card is as large as a hand.', 'label': 'Below it', 'max_length': 220, 'required': False}), 31: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('hands', 'Hands'), ('houses', 'Houses'), ('path', 'A path'), ('schoolyard', 'School yard'), ('cloth', 'Cloth'), ('phone', 'Telephone'), ('listening', 'Listening')], 'label': 'Drawing', 'required': False}), 32: ('wagtail.blocks.StructBlock', [[('title', 29), ('text', 30), ('drawing', 31)]], {}), 33: ('wagtail.blocks.ListBlock', (32,), {'label': 'Cards', 'max_num': 48, 'min_num': 1}), 34: ('wagtail.blocks.StructBlock', [[('title', 5), ('items', 33)]], {})}, verbose_name='text')),
                        ('slogan', models.CharField(blank=True, max_length=200, verbose_name='slogan')),
                    ],
                    options={
                        'verbose_name': 'home page',
                        'indexes': [],
                        'constraints': [],
                    },
                    bases=('wagtailcore.page',),
                ),
            ],
        ),
    ]
