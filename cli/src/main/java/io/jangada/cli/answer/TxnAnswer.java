// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import io.jangada.api.etcd.ResponseOp;
import io.jangada.api.etcd.TxnResponse;
import io.jangada.cli.print.Answer;
import io.jangada.cli.print.Lines;
import java.util.List;

/**
 * Which branch of a transaction ran, and what its operations answered.
 *
 * @param response of the server
 */
public record TxnAnswer(TxnResponse response) implements Answer {
    @Override
    public void simple(Lines lines) {
        lines.line(response.getSucceeded() ? "SUCCESS" : "FAILURE");
        for (Answer answer : answers()) {
            lines.line("");
            answer.simple(lines);
        }
    }

    @Override
    public Object json() {
        return response;
    }

    @Override
    public void fields(Lines lines) {
        lines.header(response.getHeader()).field("Succeeded", response.getSucceeded());
        answers().forEach(answer -> answer.fields(lines));
    }

    private List<Answer> answers() {
        return response.getResponsesList().stream().map(TxnAnswer::answer).toList();
    }

    private static Answer answer(ResponseOp operation) {
        return switch (operation.getResponseCase()) {
            case RESPONSE_RANGE -> new RangeAnswer(operation.getResponseRange(), false);
            case RESPONSE_PUT -> new PutAnswer(operation.getResponsePut());
            case RESPONSE_DELETE_RANGE -> new DeleteAnswer(operation.getResponseDeleteRange());
            case RESPONSE_TXN -> new TxnAnswer(operation.getResponseTxn());
            case RESPONSE_NOT_SET -> new Told("", operation);
        };
    }
}
