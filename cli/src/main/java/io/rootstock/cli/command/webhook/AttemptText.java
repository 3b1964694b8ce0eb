package io.rootstock.cli.command.webhook;

import io.rootstock.cli.display.Format;
import io.rootstock.registry.v1.WebhookAttempt;

/** Result of an attempt as text. */
final class AttemptText {
    private AttemptText() {}

    /** Such as {@code status 200 after 0.1 s}. */
    static String of(WebhookAttempt attempt) {
        String result = attempt.getStatus() == 0 ? attempt.getError() : "status " + attempt.getStatus();
        return result + " after " + Format.duration(attempt.getSeconds());
    }
}
