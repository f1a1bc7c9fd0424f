using ImageAspire.ServiceBusEmulator.Filters;
using ImageAspire.ServiceBusEmulator.Messages;

namespace ImageAspire.Tests.ServiceBus;

/// <summary>The grammar of docs/service-bus-emulator.md.</summary>
public sealed class FilterTests
{
    private static MessageProperties Message()
    {
        var message = new MessageProperties { System = { ["Label"] = "red", ["MessageId"] = "m-1" } };
        foreach (var (name, value) in new (string, object?)[]
                 {
                     ("size", 3), ("price", 2.5), ("name", "it's"), ("Color", "blue"), ("on", true), ("nothing", null), ("big", 5_000_000_000L), ("percent", "50%"), ("a b", "spaced"), ("exact", 1.10m),
                     ("id", Guid.Parse("11111111-2222-3333-4444-555555555555")), ("time", new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero)), ("unsigned", 7u),
                 })
        {
            message.User[name] = value;
        }

        return message;
    }

    [Theory]
    [InlineData("size = 3")]
    [InlineData("size = 3.0 AND price = 2.5 AND price = 25e-1")]
    [InlineData("size <> 4 AND size != 4 AND size < 4 AND size <= 3 AND size > 2 AND size >= 3")]
    [InlineData("NOT size = 4")]
    [InlineData("NOT NOT size = 3")]
    [InlineData("size = 4 OR size = 3 AND on = TRUE")]
    [InlineData("NOT (size = 4 OR size = 5)")]
    [InlineData("size = 1 + 1 * 2")]
    [InlineData("(1 + 1) * 2 = 4 AND 7 % 4 = 3 AND 7 / 2 = 3 AND -size = -3 AND +size = 3 AND 5 - 2 - 1 = 2")]
    [InlineData("7 / 2.0 = 3.5 AND price * 2 = 5 AND exact = 1.1")]
    [InlineData("name = 'it''s'")]
    [InlineData("'a' + 'b' = 'ab' AND 'a' < 'b'")]
    [InlineData("color = 'blue' AND user.COLOR = 'blue'")]
    [InlineData("sys.Label = 'red' AND sys.label LIKE 'r%' AND SYS.MessageId = 'm-1' AND sys.Subject = 'red'")]
    [InlineData("[a b] = 'spaced' AND \"a b\" = 'spaced' AND user.[a b] = 'spaced'")]
    [InlineData("color IN ('red', 'blue') AND color NOT IN ('green') AND size IN (1, 1 + 2)")]
    [InlineData("color LIKE 'b%e' AND color LIKE '_lue' AND color NOT LIKE 'lue' AND color LIKE '%'")]
    [InlineData("percent LIKE '50!%' ESCAPE '!' AND NOT percent LIKE '50!%%x' ESCAPE '!'")]
    [InlineData("nothing IS NULL AND missing IS NULL AND size IS NOT NULL AND sys.To IS NULL")]
    [InlineData("EXISTS(size) AND EXISTS(nothing) AND NOT EXISTS(missing) AND EXISTS(sys.Label)")]
    [InlineData("on")]
    [InlineData("on AND NOT FALSE")]
    [InlineData("missing = 1 OR size = 3")]
    [InlineData("big = 5000000000 AND unsigned = 7")]
    [InlineData("id = '11111111-2222-3333-4444-555555555555' AND newid() <> id")]
    [InlineData("property('size') = 3 AND p(size) = 3")]
    [InlineData("size=3and(on)")]
    public void SqlFilter_True_Matches(string text) => new SqlFilter(text).Matches(Message()).ShouldBeTrue();

    [Theory]
    [InlineData("size = 4")]
    [InlineData("missing = 1")]
    [InlineData("NOT missing = 1")] // unknown is not true, and neither is its contrary
    [InlineData("missing <> 1")]
    [InlineData("missing IN (1, 2)")]
    [InlineData("missing NOT IN (1, 2)")]
    [InlineData("missing LIKE '%'")]
    [InlineData("missing + 1 = 1")]
    [InlineData("size = '3'")]
    [InlineData("size <> '3'")]
    [InlineData("name = 'IT''S'")]
    [InlineData("NULL = NULL")]
    [InlineData("missing = 1 AND size = 3")]
    [InlineData("id < newid()")]
    [InlineData("time = 'yesterday'")]
    public void SqlFilter_FalseOrUnknown_DoesNotMatch(string text) => new SqlFilter(text).Matches(Message()).ShouldBeFalse();

    [Theory]
    [InlineData("", 1)]
    [InlineData("size =", 7)]
    [InlineData("size = = 1", 8)]
    [InlineData("size = 1 1", 10)]
    [InlineData("(size = 1", 10)]
    [InlineData("size = 'x", 8)]
    [InlineData("size ? 1", 6)]
    [InlineData("size NOT 1", 10)]
    [InlineData("size IN ()", 10)]
    [InlineData("size LIKE 'x' ESCAPE 'ab'", 22)]
    [InlineData("size IS 1", 9)]
    [InlineData("abs(size) = 1", 1)]
    [InlineData("sys.Nothing = 1", 0)]
    [InlineData("other.size = 1", 0)]
    public void SqlFilter_Unreadable_IsRefusedWithItsPosition(string text, int position)
    {
        var error = Should.Throw<FilterException>(() => new SqlFilter(text));
        if (position > 0 && position <= text.Length)
            error.Message.ShouldStartWith($"Position {position}:");
    }

    [Theory]
    [InlineData("size / 0 = 1")]
    [InlineData("name * 2 = 1")]
    [InlineData("size")]
    [InlineData("size AND on")]
    [InlineData("name LIKE '!' ESCAPE '!'")]
    [InlineData("big * big * big * big = 1")]
    public void SqlFilter_WithoutResult_Throws(string text) => Should.Throw<FilterException>(() => new SqlFilter(text).Matches(Message()));

    [Fact]
    public void SqlFilter_TooLongOrTooDeep_IsRefused()
    {
        Should.Throw<FilterException>(() => new SqlFilter(new string(' ', SqlParser.MaxLength) + "1=1"));
        Should.Throw<FilterException>(() => new SqlFilter($"{new string('(', 200)}1=1{new string(')', 200)}"));
    }

    [Fact]
    public void RuleAction_SetAndRemove_InOrder()
    {
        var message = Message();

        new RuleAction("SET size = size + 1; SET size = size * 2; SET sys.To = 'there'; REMOVE name; REMOVE sys.Label; SET [new one] = NULL").Apply(message);

        (message.User["size"], message.System["To"], message.User.ContainsKey("name"), message.System.ContainsKey("Label"), message.User["new one"]).ShouldBe((8L, "there", false, false, null));
    }

    [Theory]
    [InlineData("SET")]
    [InlineData("SET a")]
    [InlineData("DELETE a")]
    [InlineData("SET a = 1 b")]
    [InlineData("REMOVE 1")]
    public void RuleAction_Unreadable_IsRefused(string text) => Should.Throw<FilterException>(() => new RuleAction(text));

    [Fact]
    public void CorrelationFilter_AllMustBeEqual_NumbersByValue()
    {
        new CorrelationFilter(new Dictionary<string, string> { ["Label"] = "red" }, new Dictionary<string, object?> { ["size"] = 3L }).Matches(Message()).ShouldBeTrue();
        new CorrelationFilter(new Dictionary<string, string> { ["Label"] = "red", ["To"] = "x" }, new Dictionary<string, object?>()).Matches(Message()).ShouldBeFalse();
        new CorrelationFilter(new Dictionary<string, string>(), new Dictionary<string, object?> { ["size"] = "3" }).Matches(Message()).ShouldBeFalse();
    }

    [Fact]
    public void Like_ManyStars_TakesNoLongerThanTextTimesPattern() =>
        LikePattern.Matches(new string('a', 10_000), string.Concat(Enumerable.Repeat("%a", 400)) + "%b", null).ShouldBeFalse();
}
