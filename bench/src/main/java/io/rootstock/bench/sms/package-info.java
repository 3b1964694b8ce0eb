/** Spam or ham on the SMS Spam Collection: its splits, a linear baseline, and the benchmark through the services. */
package io.rootstock.bench.sms;
