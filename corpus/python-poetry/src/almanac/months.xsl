<?xml version="1.0"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:template match="/months"><ul><xsl:apply-templates select="month"/></ul></xsl:template>
  <xsl:template match="month"><li><xsl:value-of select="."/>: <xsl:value-of select="@days"/></li></xsl:template>
</xsl:stylesheet>
