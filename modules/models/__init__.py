from modules.models.answers import Submission, SurveyAnswer, Tally
from modules.models.edition import Edition
from modules.models.groups import Group, GroupCount, Headcount, Sex
from modules.models.lesson import LessonPage
from modules.models.module import ModuleIndexPage, ModulePage
from modules.models.review import ReviewWarning, Withdrawal
from modules.models.runs import ClassRun, Participant, RunCount
from modules.models.signing import SignOff

__all__ = [
    "ClassRun",
    "Edition",
    "Group",
    "GroupCount",
    "Headcount",
    "LessonPage",
    "ModuleIndexPage",
    "ModulePage",
    "Participant",
    "ReviewWarning",
    "RunCount",
    "Sex",
    "SignOff",
    "Submission",
    "SurveyAnswer",
    "Tally",
    "Withdrawal",
]
