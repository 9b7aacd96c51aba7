"""How people in Japan write addresses, telephone numbers, numbers of firms, names: read, checked, put into one form.

What somebody typed is read however wide, hyphenated or spaced it is. What reads raises ValueError with a Japanese
sentence that says what is wrong and what is expected; the form that asked shows it at the field, beside its example.
"""
