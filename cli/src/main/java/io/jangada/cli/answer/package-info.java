// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/** What commands have to show, one record for each kind of response, in each format that etcdctl has for it. Immutable. */
@NullMarked
package io.jangada.cli.answer;

import org.jspecify.annotations.NullMarked;
