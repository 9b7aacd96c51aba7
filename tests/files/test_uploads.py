"""A 200 MB upload is refused by its length, before a byte of it is read."""

from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpResponse
from django.test import RequestFactory

from hoshu.files import store, uploads

MB = 1024 * 1024


class Unread:
    """A body that must not be touched."""

    def read(self, *arguments):
        pytest.fail("the body was read")

    readline = read


@pytest.fixture
def answered(settings):
    settings.FILE_LIMIT_BYTES = 20 * MB
    reached = []

    def view(request):
        reached.append(request)
        return HttpResponse("受け取りました")

    def post(length):
        request = RequestFactory().post("/any", content_type="multipart/form-data; boundary=x")
        request.META.update({"CONTENT_LENGTH": length, "wsgi.input": Unread()})
        return uploads.UploadLimitMiddleware(view)(request), bool(reached)

    return post


@pytest.mark.parametrize("length", [str(200 * MB), str(61 * MB + 1), "-1", "many"])
def test_too_large_is_refused_unread_and_in_japanese(answered, length):
    response, reached = answered(length)
    assert response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert not reached
    assert "1つのファイルは20MBまでです" in response.content.decode()


@pytest.mark.parametrize("length", [str(61 * MB), "0", ""])
def test_what_fits_goes_on(answered, length):
    response, reached = answered(length)
    assert response.status_code == HTTPStatus.OK
    assert reached


def test_one_file_over_its_limit_is_refused_before_it_is_read(settings):
    settings.FILE_LIMIT_BYTES = MB
    assert uploads.read(SimpleUploadedFile("納品書.pdf", b"%PDF-1.7")) == b"%PDF-1.7"
    upload = UploadedFile(Unread(), "納品書.pdf", size=3 * MB)
    with pytest.raises(store.Refused, match=r"大きすぎます（3MB）。1つ1MBまで"):
        uploads.read(upload)
