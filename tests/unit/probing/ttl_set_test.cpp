// Sets of TTLs.

#include "probing/ttl_set.h"

#include <gtest/gtest.h>

namespace smtpath::probing {
namespace {

TEST(TtlSet, FindsTheNearestBeyond) {
  TtlSet set;
  EXPECT_TRUE(set.is_empty());
  EXPECT_FALSE(set.next_after(Ttl{0}));
  set.insert(Ttl{3});
  set.insert(Ttl{255});
  EXPECT_EQ(set.next_after(Ttl{0}), Ttl{3});
  EXPECT_EQ(set.next_after(Ttl{3}), Ttl{255}) << "beyond, not at";
  EXPECT_FALSE(set.next_after(Ttl{255}));
  EXPECT_TRUE(set.contains(Ttl{255}));
  EXPECT_FALSE(set.contains(Ttl{4}));
}

TEST(TtlSet, CountsWithoutTheEnds) {
  TtlSet set;
  for (const int hops : {2, 3, 5, 9}) set.insert(Ttl{} + hops);
  EXPECT_EQ(set.count_between(Ttl{2}, Ttl{9}), 2);
  EXPECT_EQ(set.count_between(Ttl{3}, Ttl{4}), 0);
  EXPECT_EQ(set.count_between(Ttl{9}, Ttl{30}), 0);
}

}  // namespace
}  // namespace smtpath::probing
