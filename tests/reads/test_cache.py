"""The bounded cache: no tenant fills it, or pushes another's entries out."""

from reads.cache import ShareCache


def test_it_never_holds_more_than_its_capacity():
    cache: ShareCache[int] = ShareCache(10, 4)
    for number in range(1000):
        cache.put(number, f"tenant {number % 7}", number)
    assert len(cache) == 10


def test_a_tenant_with_many_documents_keeps_only_its_share_and_nobody_else_loses_any():
    cache: ShareCache[int] = ShareCache(10, 4)
    cache.put("mine", "quiet", 1)
    for number in range(1000):
        cache.put(number, "loud", number)
    assert cache.count("loud") == 4
    assert cache.get("mine", "quiet") == 1
    assert cache.get(999, "loud") == 999
    assert cache.get(1, "loud") is None


def test_the_longest_unused_goes_first():
    cache: ShareCache[int] = ShareCache(10, 2)
    cache.put("a", "t", 1)
    cache.put("b", "t", 2)
    assert cache.get("a", "t") == 1
    cache.put("c", "t", 3)
    assert cache.get("b", "t") is None
    assert cache.get("a", "t") == 1


def test_what_two_tenants_use_belongs_to_neither():
    cache: ShareCache[int] = ShareCache(10, 2)
    cache.put("common", "first", 1)
    assert cache.get("common", "second") == 1
    for number in range(5):
        cache.put(number, "first", number)
    assert cache.count("first") == 2
    assert cache.get("common", "third") == 1


def test_when_it_is_full_the_largest_group_gives_way():
    cache: ShareCache[int] = ShareCache(4, 3)
    for number in range(3):
        cache.put(number, "large", number)
    cache.put("x", "small", 1)
    cache.put("y", "other", 2)
    assert cache.get("x", "small") == 1
    assert cache.get("y", "other") == 2
    assert cache.count("large") == 2


def test_an_entry_put_again_is_the_new_one():
    cache: ShareCache[int] = ShareCache(4, 3)
    cache.put("x", "t", 1)
    cache.put("x", "t", 2)
    assert (cache.get("x", "t"), len(cache)) == (2, 1)
