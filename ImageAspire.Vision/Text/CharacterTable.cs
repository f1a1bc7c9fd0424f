using System.Text;

namespace ImageAspire.Vision.Text;

/// <summary>What the classes of the recognition model stand for: nothing, then the characters of a file, then the space.</summary>
/// <param name="file">One character a line, UTF-8.</param>
internal sealed class CharacterTable(byte[] file)
{
    /// <summary>The class between two characters, and around them.</summary>
    public const int Blank = 0;

    private readonly string[] _characters = ["", .. Encoding.UTF8.GetString(file).TrimEnd('\n').Split('\n').Select(line => line.TrimEnd('\r')), " "];

    /// <summary>How many classes there are.</summary>
    public int Count => _characters.Length;

    /// <summary>The class of the space.</summary>
    public int Space => _characters.Length - 1;

    /// <summary>The character of a class; empty for the blank. Wide forms of ASCII, which the model likes to see in Latin text too, are plain ones.</summary>
    public string this[int index] => _characters[index] is [>= '\uFF01' and <= '\uFF5E' and var wide] ? ((char)(wide - 0xFEE0)).ToString() : _characters[index];
}
