package io.rootstock.inference.completion;

import io.rootstock.inference.v1.IgnoredKeyword;
import java.util.List;
import java.util.Optional;

/**
 * The enforced part of a request's constraint.
 *
 * @param grammar GBNF grammar that each completion must match; empty without a constraint
 * @param ignored schema keywords that are not enforced
 */
record Enforced(Optional<String> grammar, List<IgnoredKeyword> ignored) {
    Enforced {
        ignored = List.copyOf(ignored);
    }
}
