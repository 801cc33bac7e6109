"""A believable campaign to look at, a sign-in for every role, and the site itself."""

import os
import socket

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from canvass.roles import Role
from reports.seed import FULL, QUICK
from reports.seed.stages import DemoError, build
from reports.start_pages import PAGES

HOST, PORT = "127.0.0.1", 8000


class Command(BaseCommand):
    help = "建好数据库和演示活动，列出每个角色的登录账号，然后在 127.0.0.1:8000 提供服务。可以反复运行。"

    def add_arguments(self, parser):
        parser.add_argument("--no-serve", action="store_true", help="不提供服务，建好就结束")
        parser.add_argument("--full", action="store_true", help="18362 户、2114 名走访人员的完整规模")

    def handle(self, *, no_serve: bool, full: bool, **options):
        with translation.override("zh-hans"):
            self.stdout.write("正在准备数据库……")
            call_command("migrate", verbosity=0, interactive=False)
            try:
                campaign, sign_ins = build(FULL if full else QUICK, tell=self._tell)
            except DemoError as error:
                raise CommandError(str(error)) from error
            self._print(campaign, sign_ins)
        if not no_serve:
            self._serve()

    def _tell(self, text):
        self.stdout.write(text)
        self.stdout.flush()

    def _print(self, campaign, sign_ins):
        rows = [("角色", "用户名", "密码", "首页")]
        rows += [
            (str(s.role.label), s.username or "—", s.password or "（已改）", _start_page(s.role))
            for s in sign_ins
        ]
        widths = [max(_width(row[column]) for row in rows) for column in range(4)]
        self.stdout.write(f"\n{campaign.name}（{campaign.code}）的登录账号：")
        for row in rows:
            cells = (word + " " * (width - _width(word)) for word, width in zip(row, widths, strict=True))
            self.stdout.write("  " + "  ".join(cells).rstrip())
        self.stdout.write(
            f"\n打开 http://{HOST}:{PORT}/ 用其中任何一个登录；只供演示，不要登记真实的人和事。"
        )
        self.stdout.flush()

    def _serve(self):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, PORT))
            except OSError:
                raise CommandError(
                    f"端口 {PORT} 已被占用：可能演示已在另一个窗口运行，直接打开 http://{HOST}:{PORT}/ 即可；"
                    "否则请先停掉占用它的程序。数据已经建好。"
                ) from None
        self.stdout.write("按 Ctrl+C 结束。")
        self.stdout.flush()
        os.environ.setdefault("DJANGO_RUNSERVER_HIDE_WARNING", "true")
        call_command("runserver", f"{HOST}:{PORT}", use_reloader=False, skip_checks=True)


def _start_page(role):
    return next((page for roles, page in PAGES if Role(role) in roles), "/")


def _width(text):
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)
