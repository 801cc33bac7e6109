"""manage.py rotate_keys: every sealed number under the first of FIELD_KEYS, so that the others can be thrown away."""

from django.core.management.base import BaseCommand, CommandError

from canvass.resealing import reseal_rows, sealed_columns


class Command(BaseCommand):
    help = (
        "用 FIELD_KEYS 的第一把密钥重新加密所有号码。再运行一次不会重复，中断了就再运行。"
        "没有打不开的号码，才可以去掉旧密钥。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="只数，不写入")

    def handle(self, *, dry_run, **options):
        unreadable = 0
        for model, field in sealed_columns():
            count = reseal_rows(model, field.name, write=not dry_run)
            unreadable += count.unreadable
            self.stdout.write(
                f"{model._meta.label}.{field.name}  {'将重新加密' if dry_run else '已重新加密'} {count.done}"
                f"  已是新密钥 {count.kept}  打不开 {count.unreadable}"
            )
        if unreadable:
            raise CommandError(
                f"有 {unreadable} 个号码用现在的 FIELD_KEYS 打不开，保持原样。请把缺的旧密钥加回 FIELD_KEYS 后面，再运行。"
            )
