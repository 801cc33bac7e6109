from django.db import migrations

ISSUE_NATURES = ["problem", "question", "request", "complaint"]


def let_corrections_stand_in(apps, schema_editor):
    """Words that were corrected before their links followed: the newest ones stand where the former did."""
    links = apps.get_model("issues", "IssueOpinion").objects.using(schema_editor.connection.alias)
    stale = links.filter(removed_at=None, opinion__corrected_by__isnull=False)
    stale = stale.select_related("opinion__corrected_by", "issue")
    # Each round goes one correction further.
    while found := list(stale.all()):
        for link in found:
            correction = link.opinion.corrected_by
            link.removed_at, link.removed_by_id = correction.created_at, correction.created_by_id
            link.removed_because = f"更正为 {correction.number}"
            link.save(update_fields=["removed_at", "removed_by", "removed_because"])
            if _is_free(links, link, correction):
                links.create(
                    issue_id=link.issue_id,
                    opinion=correction,
                    position=link.position,
                    at=correction.created_at,
                    by_id=correction.created_by_id,
                    replaces=link,
                )


def _is_free(links, link, correction):
    """Of a nature for issues, open to everybody, and not sorted by hand meanwhile."""
    return (
        correction.nature in ISSUE_NATURES
        and not link.issue.is_restricted
        and not correction.marks.filter(kind="restricted").exists()
        and not links.filter(opinion=correction, removed_at=None).exists()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0014_corrections_stand_where_the_words_stood"),
        ("visits", "0003_paper_rows_may_be_typed"),
    ]

    operations = [migrations.RunPython(let_corrections_stand_in, migrations.RunPython.noop)]
