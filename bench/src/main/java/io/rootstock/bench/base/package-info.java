/** Fine-tunes a published base on published tasks, compared with a linear model and PEFT. */
package io.rootstock.bench.base;
