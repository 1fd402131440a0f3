"""Query strings: every accepted spelling gives one tree, and every malformed one is refused by its name."""

from __future__ import annotations

import pytest

from api.errors import BadParameter
from api.parser import parse

SPELLINGS = {
    "": {},
    "take=20&skip=0": {"take": "20", "skip": "0"},
    "where[status]=APPLIED": {"where": {"status": "APPLIED"}},
    "where%5Bstatus%5D=APPLIED": {"where": {"status": "APPLIED"}},
    "where%5bstatus]=APPLIED": {"where": {"status": "APPLIED"}},
    "where[user][email]=a%40b.c": {"where": {"user": {"email": "a@b.c"}}},
    "where[user.email]=a": {"where": {"user": {"email": "a"}}},
    "where[user.email][contains]=a": {"where": {"user": {"email": {"contains": "a"}}}},
    "where[rating][gte]=1&where[rating][lte]=2": {"where": {"rating": {"gte": "1", "lte": "2"}}},
    "where[a][]=1&where[a][]=2": {"where": {"a": ["1", "2"]}},
    "where[a][0]=1&where[a][1]=2": {"where": {"a": ["1", "2"]}},
    "where[a]=1&where[a]=2": {"where": {"a": ["1", "2"]}},
    "where[a][in][]=1": {"where": {"a": {"in": ["1"]}}},
    "relations[]=a&relations[]=b.c": {"relations": ["a", "b.c"]},
    "relations[0]=a&relations[10]=b": {"relations": ["a", "b"]},
    "relations=a&relations=b": {"relations": ["a", "b"]},
    "relations=a&relations[]=b": {"relations": ["a", "b"]},
    "relations=a,b": {"relations": "a,b"},
    "order[b]=ASC&order[a]=DESC": {"order": {"b": "ASC", "a": "DESC"}},
    "where[a]=": {"where": {"a": ""}},
    "where[a]": {"where": {"a": ""}},
    "where[a]=x=y": {"where": {"a": "x=y"}},
    "where[a]=x+y%20z%2B": {"where": {"a": "x y z+"}},
    "where[a]=[b]": {"where": {"a": "[b]"}},
    "where[a]=%C3%A4%F0%9F%98%80": {"where": {"a": "ä😀"}},
    "where[a]=a;b": {"where": {"a": "a;b"}},
    "&&take=1&": {"take": "1"},
    "where[a][b][c][d][e]=1": {"where": {"a": {"b": {"c": {"d": {"e": "1"}}}}}},
    "where[a][b][c][d][e][]=1": {"where": {"a": {"b": {"c": {"d": {"e": ["1"]}}}}}},
}


@pytest.mark.parametrize(("query", "tree"), SPELLINGS.items(), ids=SPELLINGS)
def test_a_spelling_and_its_tree(query, tree):
    assert parse(query) == tree


def test_the_order_of_what_is_asked_is_kept():
    assert list(parse("order[b]=ASC&order[a]=ASC&order[c]=ASC")["order"]) == ["b", "a", "c"]


MALFORMED = {
    "where[a=1": ("where[a", "not balanced"),
    "where]a[=1": ("where]a[", "not balanced"),
    "where[a]]=1": ("where[a]]", "not balanced"),
    "where[[a]]=1": ("where[[a]]", "not balanced"),
    "where[a[b]]=1": ("where[a[b]]", "not balanced"),
    "where[a]b=1": ("where[a]b", "not balanced"),
    "where[a]b[c]=1": ("where[a]b[c]", "not balanced"),
    "[where]=1": ("[where]", "not balanced"),
    "[]=1": ("[]", "not balanced"),
    "where[=1": ("where[", "not balanced"),
    "=1": ("", "not balanced"),
    "where%5Ba=1": ("where[a", "not balanced"),
    "where[a][b][c][d][e][f]=1": ("where[a][b][c][d][e][f]", "nested deeper than 5"),
    "where[a.b.c.d.e.f]=1": ("where[a.b.c.d.e.f]", "nested deeper than 5"),
    "where[a.b.c][d.e.f][]=1": ("where[a.b.c][d.e.f][]", "nested deeper than 5"),
    "where[][a]=1": ("where[][a]", "stands at the end only"),
    "where[0][a]=1": ("where[0][a]", "stands at the end only"),
    "where[a][][]=1": ("where[a][][]", "stands at the end only"),
    "where[.a]=1": ("where[.a]", "a name in it is empty"),
    "where[a..b]=1": ("where[a..b]", "a name in it is empty"),
    "where[a.]=1": ("where[a.]", "a name in it is empty"),
    "where=1&where[a]=1": ("where[a]", "beside a plain value"),
    "where[]=1&where[a]=1": ("where[a]", "beside a plain value"),
    "where[a]=1&where[a][gt]=1": ("where[a][gt]", "beside a plain value"),
    "where[a][]=1&where[a][gt]=1": ("where[a][gt]", "beside a plain value"),
    "where[a]=1&where=1": ("where", "beside nested ones"),
    "where[a][gt]=1&where[a]=1": ("where[a]", "beside nested ones"),
    "where[a][gt]=1&where[a][]=1": ("where[a][]", "beside nested ones"),
    "where[a]=x%00y": ("where[a]", "null character"),
    "where[a%00]=x": ("where[a]", "null character"),
}


@pytest.mark.parametrize(("query", "refusal"), MALFORMED.items(), ids=MALFORMED)
def test_what_is_malformed_is_refused_by_its_name(query, refusal):
    with pytest.raises(BadParameter) as error:
        parse(query)

    name, problem = refusal
    ((told_name, (told_problem,)),) = error.value.detail.items()
    assert told_name == name
    assert problem in told_problem.lower()


@pytest.mark.parametrize("depth", [10, 1000, 10_000])
def test_deep_nesting_is_refused_before_it_hurts(depth):
    with pytest.raises(BadParameter) as error:
        parse("where" + "[a]" * depth + "=1")

    assert len(next(iter(error.value.detail))) <= 200


def test_there_are_a_thousand_parameters_at_most():
    assert len(parse("&".join(f"p{n}=1" for n in range(1000)))) == 1000
    with pytest.raises(BadParameter) as error:
        parse("&".join(f"p{n}=1" for n in range(1001)))

    assert "More than 1000" in error.value.detail["query"][0]


@pytest.mark.parametrize("query", ["where[a]=%", "where[a]=%zz", "where[a]=%ff%fe", "where[a]=%ed%a0%80"])
def test_what_is_no_text_is_a_text_that_matches_nothing_and_can_be_stored(query):
    parse(query)["where"]["a"].encode()


def test_a_numbered_list_is_in_the_order_of_its_numbers():
    assert parse("where[index][between][1]=2&where[index][between][0]=0") == {
        "where": {"index": {"between": ["0", "2"]}}
    }
