package io.rootstock.cli.command.identity;

import io.rootstock.cli.client.Clients;
import io.rootstock.registry.v1.GetCallerRequest;

/** Names of users, service accounts and groups. */
final class PrincipalNames {
    private PrincipalNames() {}

    /** The name of an ID; full names stay. */
    static String of(String collection, String argument) {
        return argument.contains("/") ? argument : collection + "/" + argument;
    }

    /** The name of a user or of a full name; the caller's own if the argument is null. */
    static String orCaller(String argument, Clients clients) {
        return argument == null
                ? clients.identity()
                        .getCaller(GetCallerRequest.getDefaultInstance())
                        .getName()
                : of("users", argument);
    }
}
