"""利用者: somebody may log in, somebody wants a new password."""

from dataclasses import dataclass

from hoshu.notifications.messages.facts import Facts, Purpose
from hoshu.notifications.notice import Action, Notice, Sender


@dataclass(frozen=True, kw_only=True)
class AccountInvitation(Facts):
    """Somebody may log in; they ask for the link with which they set a password, so none stands here."""

    login: str
    role: str
    link: str
    """The page on which one asks for that link."""

    id = "account.invitation"
    title = "ご利用開始のご案内"
    why = "お客様の画面を使えるように、利用者を登録したため"
    purpose = Purpose.SERVICE

    def notice(self, sender: Sender) -> Notice:
        return Notice(
            title=self.title,
            action=Action.ACT,
            addressee=self.addressee,
            point=f"{sender.name}の保守サイトをご利用いただけるようになりました。パスワードを決めてください。",
            facts=(("ログイン名", self.login), ("役割", self.role)),
            steps=(
                "下のページを開き、ログイン名のメールアドレスを入力してください。",
                "届いたメールのリンクから、15文字以上のパスワードを決めてください。",
            ),
            link=("パスワードを決める", self.link),
            notes=("お心当たりがないときは、このメールを削除してください。",),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


@dataclass(frozen=True, kw_only=True)
class LoginChanged(Facts):
    """The registered address of somebody who logs in changed, and the login with it (MM-CHG-02)."""

    login: str
    link: str
    """The page on which one asks for a link to a new password."""

    id = "account.login_changed"
    title = "ログイン名の変更"
    why = "登録のメールアドレスが変わり、ログイン名も変わったため"
    purpose = Purpose.SERVICE

    def notice(self, sender: Sender) -> Notice:
        return Notice(
            title=self.title,
            action=Action.CHECK,
            addressee=self.addressee,
            point="登録のメールアドレスが変わったため、ログイン名も新しいメールアドレスになりました。",
            facts=(("新しいログイン名", self.login), ("パスワード", "今までと同じです")),
            link=("パスワードを決め直す", self.link),
            notes=("前のメールアドレスに届いた、パスワードを決めるためのリンクは使えません。",),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


@dataclass(frozen=True, kw_only=True)
class PasswordReset(Facts):
    """Somebody asked for a new password."""

    login: str
    link: str
    valid_hours: int

    id = "account.password_reset"
    title = "パスワードの再設定"
    why = "パスワードの再設定を求められたため"
    purpose = Purpose.SERVICE
    confidential = True

    def notice(self, sender: Sender) -> Notice:
        return Notice(
            title=self.title,
            action=Action.ACT,
            addressee=self.addressee,
            point="パスワードを再設定するには、下のリンクを開いてください。",
            facts=(("ログイン名", self.login), ("リンクの期限", f"このメールが届いてから{self.valid_hours}時間")),
            link=("新しいパスワードを決める", self.link),
            notes=("お心当たりがないときは、このメールを削除してください。パスワードは変わりません。",),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )
