package io.rootstock.cli.command.identity;

import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Details;
import io.rootstock.cli.display.Format;
import io.rootstock.registry.v1.Principal;

/** A user, service account or group as text. */
final class PrincipalText {
    private PrincipalText() {}

    static void print(Principal principal, Console console) {
        console.printJson(principal);
        new Details()
                .add("name", principal.getName())
                .add("description", principal.getDescription())
                .add("grants", GrantText.of(principal.getGrantsList(), "\n"))
                .add("created", Format.time(principal.getCreateTime()))
                .print(console);
    }
}
