import { expect, test } from "vitest";
import { addressOf, mailServerAt } from "./mail-server.ts";

test.each([
  ["smtp://mail.example.com", { host: "mail.example.com", port: 587, isTls: false, isLoopback: false, login: null }],
  ["smtps://mail.example.com", { host: "mail.example.com", port: 465, isTls: true, isLoopback: false }],
  ["smtp://day%40pass:p%3A%2Fss@mail.example.com:2525", { port: 2525, login: { user: "day@pass", pass: "p:/ss" } }],
  ["smtp://localhost:1025", { isLoopback: true }],
  ["smtp://127.0.0.1:1025", { isLoopback: true }],
  ["smtp://[::1]:1025", { host: "::1", isLoopback: true }],
  ["smtp://localhost.example.com", { isLoopback: false }],
  ["smtp://127.0.0.1.example.com", { isLoopback: false }],
])("%s", (url, server) => {
  expect(mailServerAt(url)).toMatchObject(server);
});

test("what is shown of it holds no credentials", () => {
  expect(addressOf(mailServerAt("smtp://daypass:hunter2@mail.example.com"))).toBe("mail.example.com:587");
});
