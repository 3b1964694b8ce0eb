package io.rootstock.dist;

import java.util.List;
import java.util.Optional;
import org.cyclonedx.model.License;
import org.cyclonedx.model.LicenseChoice;
import org.cyclonedx.util.LicenseResolver;

/**
 * A licence.
 *
 * @param id identifier or expression of SPDX; empty if the name is not known there
 * @param name as stated by the component
 * @param url as stated by the component; may be empty
 */
record Licence(String id, String name, String url) {
    /** A licence that SPDX knows. */
    static Licence spdx(String id) {
        return new Licence(id, id, "");
    }

    /** A licence as a Maven project states it; addresses are often more exact than names such as "BSD License". */
    static Licence stated(String name, String url) {
        return resolve(url)
                .or(() -> resolve(name))
                .map(id -> new Licence(id, name, url))
                .orElseGet(() -> new Licence("", name, url));
    }

    private static Optional<String> resolve(String text) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        LicenseChoice choice = LicenseResolver.resolve(text, false);
        if (choice == null) {
            return Optional.empty();
        }
        if (choice.getExpression() != null) {
            return Optional.of(choice.getExpression().getValue());
        }
        return choice.getLicenses().stream().map(License::getId).findFirst();
    }

    /** Identifier, else name. */
    String label() {
        return id.isEmpty() ? name : id;
    }

    /** The identifiers of an expression such as {@code GPL-3.0-only WITH GCC-exception-3.1}. */
    List<String> identifiers() {
        return id.isEmpty() ? List.of() : List.of(id.replaceAll("[()]", "").split(" (WITH|OR|AND) ", -1));
    }

    /** Whether the identifier is an expression of several. */
    boolean isExpression() {
        return id.contains(" ");
    }
}
