package io.rootstock.registry.identity;

import io.rootstock.access.v1.Role;
import io.rootstock.registry.v1.Grant;
import io.rootstock.service.Errors;
import java.util.List;
import java.util.regex.Pattern;

/** Checks grants of requests. */
final class Grants {
    /** Maximum number of grants of a principal. */
    static final int LIMIT = 100;

    private static final Pattern PREFIX =
            Pattern.compile("(models|datasets|tokenizers|corpora)/[A-Za-z0-9._-]{0,128}/?");

    private Grants() {}

    /** Checks grants; INVALID_ARGUMENT names the invalid one. */
    static void require(List<Grant> grants, String field) {
        if (grants.size() > LIMIT) {
            throw Errors.invalidArgument(field, "has more than " + LIMIT + " grants");
        }
        for (int i = 0; i < grants.size(); i++) {
            Grant grant = grants.get(i);
            String at = field + "[" + i + "]";
            if (grant.getRole() == Role.UNRECOGNIZED || grant.getRole() == Role.ROLE_UNSPECIFIED) {
                throw Errors.invalidArgument(at + ".role", "must be a role");
            }
            if (!grant.getPrefix().isEmpty()
                    && !PREFIX.matcher(grant.getPrefix()).matches()) {
                throw Errors.invalidArgument(
                        at + ".prefix",
                        "must be empty or begin with models/, datasets/, tokenizers/ or corpora/, such as models/support- or"
                                + " models/support/, was '" + grant.getPrefix() + "'");
            }
        }
    }
}
