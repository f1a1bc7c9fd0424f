using ImageAspire.Vision.Analysis;
using ImageAspire.Vision.Objects;

namespace ImageAspire.Tests.Vision.Objects;

/// <summary>Several looks become one list of things.</summary>
public sealed class ObjectDetectorTests
{
    private static readonly Thresholds Limits = new(Class: 0.3f, Box: 0.4f);

    [Fact]
    public void Combine_ClassThatOneLookSees_NeedsMoreConfidence()
    {
        // 0.5 and nothing is 0.25; 0.8 and nothing is 0.4.
        Names([[Thing("dog", 0.5)], []]).ShouldBeEmpty();
        Names([[Thing("dog", 0.8)], []]).ShouldBe(["dog"]);
    }

    [Fact]
    public void Combine_SameThingInBothLooks_IsOnce() =>
        ObjectDetector.Combine([[Thing("dog", 0.5)], [Thing("dog", 0.7, x: 0.02)]], Limits).ShouldHaveSingleItem().Confidence.ShouldBe(0.7);

    [Fact]
    public void Combine_ThingsOfDifferentLooks_AreAllThere() =>
        ObjectDetector.Combine([[Thing("dog", 0.6)], [Thing("dog", 0.5, x: 0.6)]], Limits).Count.ShouldBe(2);

    [Fact]
    public void Combine_WeakBoxOfASureClass_IsLeftOut() =>
        ObjectDetector.Combine([[Thing("dog", 0.9), Thing("dog", 0.39, x: 0.6)], [Thing("dog", 0.9)]], Limits).Count.ShouldBe(1);

    [Fact]
    public void Combine_TwoClassesInOnePlace_TheSurerOneIsKept() =>
        Names([[Thing("frisbee", 0.5), Thing("sports ball", 0.6)], [Thing("sports ball", 0.5)]]).ShouldBe(["sports ball"]);

    [Fact]
    public void Combine_PersonsInFrontAndFarBehind_AreTwo() =>
        ObjectDetector.Combine([[Thing("person", 0.9, size: 0.8), Thing("person", 0.5, x: 0.1, size: 0.1)]], Limits).Count.ShouldBe(2);

    [Fact]
    public void Combine_LargePartOfACar_IsNotAnotherCar() =>
        ObjectDetector.Combine([[Thing("car", 0.9, size: 0.8), Thing("car", 0.6, x: 0.1, size: 0.5)]], Limits).Count.ShouldBe(1);

    private static IEnumerable<string> Names(IReadOnlyList<IReadOnlyList<SeenObject>> looks) => ObjectDetector.Combine(looks, Limits).Select(one => one.Name);

    private static SeenObject Thing(string name, double confidence, double x = 0, double size = 0.3) => new(name, confidence, new Box(x, 0.1, size, size));
}
