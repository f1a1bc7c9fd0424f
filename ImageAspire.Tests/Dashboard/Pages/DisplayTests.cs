using ImageAspire.Dashboard.Components.Metrics;
using ImageAspire.Dashboard.Components.Text;

namespace ImageAspire.Tests.Dashboard.Pages;

/// <summary>Numbers, times, units and addresses as they are written.</summary>
public sealed class DisplayTests
{
    [Theory]
    [InlineData(0, "0 ns")]
    [InlineData(850, "850 ns")]
    [InlineData(12_340, "12.3 µs")]
    [InlineData(999_499, "999 µs")]
    [InlineData(999_500, "1 ms")]
    [InlineData(21_000_000, "21 ms")]
    [InlineData(1_234_000_000, "1.23 s")]
    [InlineData(59_990_000_000, "1 m 0 s")]
    [InlineData(125_000_000_000, "2 m 5 s")]
    [InlineData(7_500_000_000_000, "2 h 5 m")]
    [InlineData(187_200_000_000_000, "2 d 4 h")]
    [InlineData(-5_000_000, "−5 ms")]
    public void Duration_AnyLength_HasThreeDigitsOrTwoUnits(long nanoseconds, string expected) => Display.Duration(nanoseconds).ShouldBe(expected);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.01234, "0.01234")]
    [InlineData(12.34, "12.3")]
    [InlineData(12_345.6, "12,346")]
    [InlineData(double.PositiveInfinity, "∞")]
    [InlineData(double.NaN, "no number")]
    public void Number_AnySize_IsShort(double value, string expected) => Display.Number(value).ShouldBe(expected);

    [Theory]
    [InlineData("By", 512, 512, "512 B")]
    [InlineData("By", 1_536, 1_536, "1.5 KB")]
    [InlineData("By", 5_242_880, 1_048_576, "1 MB")]
    [InlineData("s", 0.25, 0.1, "100 ms")]
    [InlineData("s", 90, 90, "1.5 min")]
    [InlineData("s", 0, 0, "0 s")]
    [InlineData("ms", 1_500, 1_500, "1.5 s")]
    [InlineData("ns", 2_000, 2_000, "2 µs")]
    [InlineData("{request}", 3, 3, "3 requests")]
    [InlineData("", 3, 3, "3")]
    [InlineData("<b>", 3, 3, "3 <b>")]
    public void Unit_GreatestOfAChart_DecidesForAll(string unit, double greatest, double value, string expected) => MetricUnit.For(unit, greatest).Write(value).ShouldBe(expected);

    [Fact]
    public void Unit_Rate_IsPerSecond()
    {
        MetricUnit.For("By", 2_000_000, perSecond: true).Write(2_097_152).ShouldBe("2 MB/s");
        MetricUnit.For("", 3, perSecond: true).Write(3).ShouldBe("3/s");
    }

    [Theory]
    [InlineData(0, 0.88, 1, 0, 1)]
    [InlineData(0, 0, 1, 0, 1)]
    [InlineData(-3, 9, 1, -5, 10)]
    [InlineData(0, 5_000_000, 1_048_576, 0, 5_242_880)]
    public void Scale_AnyValues_HasRoundNumbersAroundThem(double low, double high, double unit, double expectedLow, double expectedHigh)
    {
        var scale = Scale.For(low, high, unit);

        scale.Low.ShouldBe(expectedLow, 1e-6);
        scale.High.ShouldBe(expectedHigh, 1e-6);
        scale.Ticks.Count.ShouldBeInRange(2, 12);
    }

    [Theory]
    [InlineData("0193", "http://localhost:5080/?image=0193")]
    [InlineData("a b&c=\"><script>", "http://localhost:5080/?image=a%20b%26c%3D%22%3E%3Cscript%3E")]
    public void AttributeLink_AnyValue_IsEscaped(string value, string expected) =>
        AttributeLink.For(new Dictionary<string, string> { ["image"] = "http://localhost:5080/?image={value}" }, "image", value).ShouldBe(expected);

    [Theory]
    [InlineData("javascript:alert({value})", "1")]
    [InlineData("{value}", "javascript:alert(1)")]
    [InlineData("//{value}", "evil")]
    [InlineData("http://{value}/", "evil.example")]
    public void AttributeLink_NotAnHttpAddressByItself_IsNone(string template, string value) =>
        AttributeLink.For(new Dictionary<string, string> { ["image"] = template }, "image", value).ShouldBeNull();

    [Fact]
    public void ResourceColor_OurServices_HaveOneEach() =>
        new[] { "api", "worker-1", "worker-2", "worker-3", "worker-4", "vision" }.Select(ResourceColor.Class).ShouldBeUnique();
}
