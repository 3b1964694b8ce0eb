/** Fine-tuning a published base on published tasks, beside a linear model and PEFT. */
package io.rootstock.bench.base;
