using ImageAspire.Core.Paging;

namespace ImageAspire.Tests.Core;

public sealed class OpaqueCursorTests
{
    private static readonly byte[] Place = [1, 2, 3, 4, 5];

    [Fact]
    public void Read_WhatWasWritten_GivesThePlace() => OpaqueCursor.Read(OpaqueCursor.Write(Place, "a", null, ""), "a", null, "").ShouldBe(Place);

    [Fact]
    public void Read_OtherFilters_Refused()
    {
        var text = OpaqueCursor.Write(Place, "a", "b");
        foreach (var filters in (string?[][])[["a"], ["ab", ""], ["", "ab"], ["a", null], ["a", "b", null], ["b", "a"]])
            Should.Throw<InvalidCursorException>(() => OpaqueCursor.Read(text, filters));
    }

    [Fact]
    public void Read_AnotherTextOfTheSameBytes_Refused()
    {
        var text = OpaqueCursor.Write(Place, "a"); // 13 bytes: the last character has bits that mean nothing
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var spare = text[..^1] + alphabet[alphabet.IndexOf(text[^1], StringComparison.Ordinal) ^ 1];
        foreach (var other in (string[])[spare, text + " ", " " + text, text + "=", text.Insert(3, "\n")])
            Should.Throw<InvalidCursorException>(() => OpaqueCursor.Read(other, "a"));
    }
}
