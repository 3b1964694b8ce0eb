package io.rootstock.registry.identity;

import io.rootstock.service.Errors;
import io.rootstock.service.access.Caller;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of principals: {@code users/{user}}, {@code serviceAccounts/{service_account}}, {@code groups/{group}}. */
public final class PrincipalNames {
    private static final String ID = "[A-Za-z0-9._@+-]{1,128}";
    private static final Pattern NAME = Pattern.compile("(users|serviceAccounts|groups)/" + ID);
    private static final Set<String> RESERVED = Set.of(Caller.LOCAL.name(), Caller.SERVICE.name());

    private PrincipalNames() {}

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Whether a text is the name of a principal that is not reserved. */
    static boolean isFree(String text) {
        return isName(text) && !RESERVED.contains(text);
    }

    /** Returns the name; INVALID_ARGUMENT if it is none. */
    public static String require(String name, String field) {
        if (!isName(name)) {
            throw Errors.invalidArgument(
                    field,
                    "must be users/{user}, serviceAccounts/{service_account} or groups/{group}, with an id of at most 128"
                            + " letters, digits, '.', '_', '@', '+' and '-', was '" + name + "'");
        }
        return name;
    }

    /** Returns the name of a principal that can be created; INVALID_ARGUMENT if it is reserved. */
    static String requireNew(String name, String field) {
        if (RESERVED.contains(require(name, field))) {
            throw Errors.invalidArgument(field, name + " is reserved");
        }
        return name;
    }

    /** Returns the name of a principal that can have access tokens; INVALID_ARGUMENT for groups. */
    static String requireCaller(String name, String field) {
        if (require(name, field).startsWith("groups/")) {
            throw Errors.invalidArgument(field, "a group has no access tokens; use a user or a service account");
        }
        return name;
    }
}
